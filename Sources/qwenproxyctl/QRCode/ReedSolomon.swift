// SPDX-License-Identifier: Apache-2.0

/// Error correction over the field of 256 elements that QR codes use, whose polynomial is 0x11D.
struct ReedSolomon {
    private let generator: [UInt8]

    /// - Parameter count: of the correction bytes.
    init(count: Int) {
        // (x - 1)(x - 2)(x - 4)..., without its leading 1, highest power first.
        var generator = [UInt8](repeating: 0, count: count)
        generator[count - 1] = 1
        var root: UInt8 = 1
        for _ in 0..<count {
            for index in generator.indices {
                generator[index] = Self.multiply(generator[index], root)
                if index + 1 < count { generator[index] ^= generator[index + 1] }
            }
            root = Self.multiply(root, 2)
        }
        self.generator = generator
    }

    /// The remainder of the data's division by the generator.
    func correction(for data: [UInt8]) -> [UInt8] {
        var remainder = [UInt8](repeating: 0, count: self.generator.count)
        for byte in data {
            let factor = byte ^ remainder.removeFirst()
            remainder.append(0)
            for index in remainder.indices { remainder[index] ^= Self.multiply(self.generator[index], factor) }
        }
        return remainder
    }

    private static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product = 0
        for bit in (0..<8).reversed() {
            // Doubled; what leaves the eight bits is reduced by the field's polynomial.
            product = (product << 1) ^ ((product >> 7) * 0x11D)
            if right >> UInt8(bit) & 1 == 1 { product ^= Int(left) }
        }
        return UInt8(product)
    }
}
