// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// The owner of the thread that runs the multi loop. The loop must have been told to return before this ends.
struct CurlThread: ~Copyable, Sendable {
    // A thread's identity, never dereferenced by us.
    private let thread: pthread_t

    /// Starts the thread, which takes `loop` over: no other thread may touch it from here on.
    init(running loop: consuming sending CurlMultiLoop) throws(CurlError) {
        let context = unsafe Unmanaged.passRetained(loop)
        var thread = pthread_t()
        let code = unsafe ccurl_start_thread(
            &thread,
            { context in
                _ = unsafe ccurl_name_this_thread("curl-multi")
                let context = unsafe Unmanaged<CurlMultiLoop>.fromOpaque(context!)
                unsafe context.takeRetainedValue().run()
                return nil
            },
            context.toOpaque())
        guard code == 0 else {
            // The thread that would have taken the loop does not exist.
            unsafe context.release()
            throw .system(errno: code, call: "pthread_create")
        }
        self.thread = thread
    }

    /// Waits for the end of the thread. On the thread itself it only gives up the claim to it.
    consuming func join() {
        // A receiver can let go of the last reference to the client, and a thread cannot wait for its own end.
        if pthread_equal(self.thread, pthread_self()) != 0 {
            pthread_detach(self.thread)
        } else {
            pthread_join(self.thread, nil)
        }
    }
}
