// SPDX-License-Identifier: Apache-2.0

internal import CCrypto
import Configuration

/// Proves that the program that fetches the token is the one that asked for the login (PKCE, RFC 7636, method S256).
struct ProofKey: Sendable {
    static let method = "S256"

    /// Stays here until the token is fetched.
    let verifier: Secret
    /// Goes ahead with the request for the login.
    let challenge: String

    /// From the system's random numbers.
    init() {
        // 32 bytes give 43 characters, the least that RFC 7636 allows and what it recommends.
        self.init(random: (0..<32).map { _ in .random(in: 0 ... .max) })
    }

    init(random bytes: [UInt8]) {
        let verifier = Self.base64URL(bytes)
        self.verifier = Secret(verifier)
        self.challenge = Self.base64URL(Self.sha256(Array(verifier.utf8)))
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let result = unsafe bytes.withUnsafeBytes { unsafe qwenproxy_sha256($0.baseAddress, $0.count, &digest) }
        precondition(result == 1, "libcrypto has no SHA-256.")
        return digest
    }

    /// RFC 4648, section 5, without padding.
    private static func base64URL(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        var bits = 0
        var buffer = 0
        for byte in bytes {
            // Masked: at most 14 bits of it are still needed.
            buffer = (buffer << 8 | Int(byte)) & 0xffff
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(digits[buffer >> bits & 63])
            }
        }
        if bits > 0 { text.append(digits[buffer << (6 - bits) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }
}
