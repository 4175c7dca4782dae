// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing

@testable import Configuration

@Suite struct SettingTypeTests {
    @Test(arguments: [
        ("500ms", 500), ("1s", 1000), ("1", 1000), ("1.5s", 1500), ("0.25", 250), ("2m", 120_000), ("1h", 3_600_000),
        ("10 s", 10_000), ("0", 0),
    ]) func `a duration has a unit or is in seconds`(text: String, milliseconds: Int) {
        let type = SettingType<Duration>.duration(.zero ... .seconds(3600))
        #expect(type.read(.text(text)) == .milliseconds(milliseconds))
        #expect(type.read(.text(type.show(.milliseconds(milliseconds)))) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "s", "-1", "1d", "1.2.3", "inf", "nan", "1e9", "99999999999999999999h", "3601", "ms", "0x10"])
    func `what is not a duration in range is refused`(text: String) {
        #expect(SettingType<Duration>.duration(.zero ... .seconds(3600)).read(.text(text)) == nil)
    }

    @Test func `numbers of the file that no duration can have are refused`() {
        let type = SettingType<Duration>.duration(.zero ... .seconds(3600))
        for number in [Double.infinity, -.infinity, .nan, 1e300, -0.1] { #expect(type.read(.number(number)) == nil) }
        for number in [Int.max, .min, -1] { #expect(type.read(.integer(number)) == nil) }
    }

    @Test func `bytes have a unit or are bytes`() {
        let type = SettingType<Int>.bytes(1...(1 << 30))
        #expect(type.read(.text("32 MiB")) == 32 << 20)
        #expect(type.read(.string("64k")) == 64 << 10)
        #expect(type.read(.integer(5)) == 5)
        for text in ["", "MiB", "0", "2 GiB", "9999999999999999999", "9223372036854775807 GiB", "1.5M", "-1"] {
            #expect(type.read(.text(text)) == nil)
        }
    }

    @Test func `a list is separated by commas in the environment and a list in the file`() {
        let type = SettingType<[String]>.list(of: .host, "hosts")
        #expect(type.read(.text(" a.b , c ")) == ["a.b", "c"])
        #expect(type.read(.list([.string("a"), .string("b")])) == ["a", "b"])
        #expect(type.read(.string("a,b")) == nil)
        #expect(type.read(.list([.integer(1)])) == nil)
        #expect(type.read(.list(Array(repeating: .string("a"), count: 65))) == nil)
    }

    @Test func `booleans and levels take the usual spellings`() {
        #expect(SettingType<Bool>.boolean.read(.text("Yes")) == true)
        #expect(SettingType<Bool>.boolean.read(.text("0")) == false)
        #expect(SettingType<Bool>.boolean.read(.text("maybe")) == nil)
        #expect(SettingType.logLevel.read(.text("DEBUG")) == .debug)
        #expect(SettingType.logLevel.read(.text("warn")) == .warning)
        #expect(SettingType.logLevel.read(.text("loud")) == nil)
    }
}
