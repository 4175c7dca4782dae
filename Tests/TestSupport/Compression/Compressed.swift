// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Bytes as a peer compresses them.
public enum Compressed {
    public enum Format: String, Sendable, CaseIterable {
        case gzip
        case zlib
        /// Without a head, which some call "deflate" too.
        case raw

        fileprivate var windowBits: Int32 {
            switch self {
            case .gzip: 31
            case .zlib: 15
            case .raw: -15
            }
        }
    }

    public static func bytes(_ bytes: [UInt8], as format: Format = .gzip) -> [UInt8] {
        var stream = unsafe z_stream()
        let code = unsafe czlib_deflate_init(&stream, format.windowBits)
        precondition(code == Z_OK, "zlib cannot compress")
        defer { unsafe deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(unsafe deflateBound(&stream, UInt(bytes.count))) + 64)
        let count = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(output.count)
                let code = unsafe deflate(&stream, Z_FINISH)
                precondition(code == Z_STREAM_END, "zlib did not finish")
                return unsafe output.count - Int(stream.avail_out)
            }
        }
        return Array(output.prefix(count))
    }
}
