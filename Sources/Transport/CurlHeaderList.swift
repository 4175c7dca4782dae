// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// The header lines of requests as the list libcurl wants, in one allocation that is wiped before it is given back:
/// one of the lines is a bearer token.
@safe
// The block is written by the initializer only; libcurl reads it.
struct CurlHeaderList: ~Copyable, @unchecked Sendable {
    private let block: UnsafeMutableRawBufferPointer

    /// The lines for a request with a body of `count` bytes.
    ///
    /// The line about `Expect` comes first and is left out for a small body.
    func first(forBodyOf count: Int) -> UnsafeRawPointer? {
        // libcurl would ask for permission before a large body, which that line prevents. It goes through all lines
        // many times.
        let skipped = unsafe count < Self.expectThreshold ? MemoryLayout<curl_slist>.stride : 0
        return unsafe self.block.baseAddress.map { unsafe UnsafeRawPointer($0 + skipped) }
    }

    /// libcurl's own is 1 MB since 7.55, for bodies that are longer.
    private static let expectThreshold = 1 << 20

    init(_ headers: [(name: String, value: String)]) {
        // A header whose name is not a token could smuggle in another line.
        var lines = headers.filter { !$0.name.isEmpty && $0.name.utf8.allSatisfy(Self.isTokenByte) }
        let given = Set(lines.map { $0.name.lowercased() })
        var suppressed = ["Expect"]
        // libcurl would call every body a web form.
        if !given.contains("content-type") { suppressed.append("Content-Type") }
        // A compressed answer comes in larger pieces, later. One that comes compressed all the same can be read.
        if !given.contains("accept-encoding") { lines.append((name: "Accept-Encoding", value: "identity")) }
        lines.insert(contentsOf: suppressed.map { (name: $0, value: "") }, at: 0)

        let nodeSize = unsafe MemoryLayout<curl_slist>.stride
        let textSize = lines.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + Self.punctuation }
        let base = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: nodeSize * lines.count + textSize, alignment: MemoryLayout<curl_slist>.alignment)
        unsafe self.block = UnsafeMutableRawBufferPointer(start: base, count: nodeSize * lines.count + textSize)

        var text = unsafe (base + nodeSize * lines.count).bindMemory(to: UInt8.self, capacity: textSize)
        for (index, line) in lines.enumerated() {
            let node = unsafe (base + nodeSize * index).bindMemory(to: curl_slist.self, capacity: 1)
            let next = index + 1 < lines.count ? unsafe base + nodeSize * (index + 1) : nil
            unsafe node.initialize(
                to: curl_slist(
                    data: UnsafeMutableRawPointer(text).assumingMemoryBound(to: CChar.self),
                    next: next?.assumingMemoryBound(to: curl_slist.self)))
            unsafe Self.write(line, isSuppressed: index < suppressed.count, to: &text)
        }
    }

    deinit {
        // A plain memset just before the memory is freed may be left out by the compiler.
        unsafe explicit_bzero(self.block.baseAddress!, self.block.count)
        unsafe self.block.deallocate()
    }

    /// The most bytes a line has besides its name and value: colon, space, terminator.
    private static let punctuation = 3

    private static func write(
        _ line: (name: String, value: String), isSuppressed: Bool, to text: inout UnsafeMutablePointer<UInt8>,
    ) {
        func put(_ byte: UInt8) {
            unsafe text.pointee = byte
            unsafe text += 1
        }
        line.name.utf8.forEach(put)
        if line.value.isEmpty {
            // To libcurl "Name:" means "do not send this header", and "Name;" means "send it without a value".
            put(isSuppressed ? UInt8(ascii: ":") : UInt8(ascii: ";"))
        } else {
            put(UInt8(ascii: ":"))
            put(UInt8(ascii: " "))
            // RFC 9110, section 5.5: CR, LF and NUL inside a value become spaces.
            for byte in line.value.utf8 { put(byte == 13 || byte == 10 || byte == 0 ? 32 : byte) }
        }
        put(0)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
