// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing

@testable import Configuration

/// The administrator's files and the user's, read together.
@Suite struct ConfigurationFilesTests {
    private let scratch = Scratch()
    private var system: String { self.scratch.path + "/etc/qwenproxyd" }
    private var own: String { self.scratch.path + "/xdg/qwenproxyd" }

    private func read(
        environment: [String: String] = [:], file: String? = nil, inPlaceOf edited: String? = nil,
    ) -> Configuration {
        ConfigurationLoader(
            version: "1.2.3",
            environment: ["HOME": self.scratch.path, "XDG_CONFIG_HOME": self.scratch.path + "/xdg"]
                .merging(environment) { $1 },
            file: file, inPlaceOf: edited, systemDirectory: self.system
        ).read()
    }

    /// The layers, each of which sets what the earlier ones do, and one setting more.
    private func writeLayers() throws {
        let layers = [
            "etc/qwenproxyd/config.toml", "etc/qwenproxyd/config.d/a.toml", "xdg/qwenproxyd/config.toml",
            "xdg/qwenproxyd/config.d/a.toml",
        ]
        let keys = ["max_retries", "delay", "max_retries", "max_retries"]
        for (number, (layer, key)) in zip(layers, keys).enumerated() {
            let value = key == "delay" ? "\"7s\"" : "\(number + 4)"
            try self.scratch.write("[retry]\n\(key) = \(value)\n", to: layer)
        }
    }

    @Test func `the system's files are read first, the user's go before them, and each says where it counts`() throws {
        try self.writeLayers()
        let configuration = self.read()
        #expect(configuration.mistakes.isEmpty)
        #expect(
            configuration.files == [
                "\(self.system)/config.toml", "\(self.system)/config.d/a.toml", "\(self.own)/config.toml",
                "\(self.own)/config.d/a.toml",
            ])
        #expect(configuration.retry.maxRetries == 7)
        #expect(configuration.retry.delay == .seconds(7))
        #expect(configuration.source(of: "retry.delay") == .file("\(self.system)/config.d/a.toml", line: 2))
        #expect(configuration.directory == self.own)
        #expect(configuration.file == "\(self.own)/config.toml")
    }

    @Test func `a directory of drop-ins alone shuts nothing out, on either side`() throws {
        try self.scratch.write("[retry]\nmax_retries = 7\n", to: "etc/qwenproxyd/config.toml")
        try self.scratch.write(
            "[upstreams.mine]\nbase_url = \"http://127.0.0.1:1/v1\"\n", to: "xdg/qwenproxyd/config.d/upstream-mine.toml"
        )
        let configuration = self.read()
        #expect(configuration.retry.maxRetries == 7)
        #expect(configuration.primaryUpstream.name == "mine")
        #expect(configuration.directory == self.own)
        #expect(configuration.file == nil)
    }

    @Test func `changes go to the only directory that has files, else to the user's`() throws {
        #expect(self.read().directory == self.own)
        try self.scratch.write("", to: "etc/qwenproxyd/config.toml")
        let configuration = self.read()
        #expect(configuration.directory == self.system)
        #expect(configuration.file == "\(self.system)/config.toml")
    }

    @Test func `a file that was named stands alone, with its own config.d`() throws {
        try self.writeLayers()
        let named = try self.scratch.write("[log]\nlevel = \"debug\"\n", to: "other/mine.toml")
        try self.scratch.write("[retry]\nmax_retries = 1\n", to: "other/config.d/x.toml")
        let configuration = self.read(environment: ["QWEN_CONFIG": named])
        #expect(configuration.files == [named, self.scratch.path + "/other/config.d/x.toml"])
        #expect(configuration.file == named)
        #expect(configuration.retry.maxRetries == 1)
    }

    @Test(arguments: ["xdg/qwenproxyd/config.toml", "etc/qwenproxyd/config.toml", "other/config.toml"])
    func `a copy is tried in the place of a file, whether or not that is there`(place: String) throws {
        try self.scratch.write(
            "[upstreams.a]\nbase_url = \"http://127.0.0.1:1/v1\"\n", to: "etc/qwenproxyd/config.d/a.toml")
        let isUsual = !place.hasPrefix("other")
        for exists in [false, true] {
            if exists { try self.scratch.write("nonsense = 1", to: place) }
            let file = self.scratch.path + "/" + place
            let copy = try self.scratch.write("[log]\nlevel = \"debug\"\n", to: "copy.toml")
            let good = self.read(file: copy, inPlaceOf: file)
            #expect(good.mistakes.isEmpty)
            #expect(good.log.level == .debug)
            #expect(good.files.contains(file) && !good.files.contains(copy))
            #expect(good.namedUpstreams.map(\.name) == (isUsual ? ["a"] : []))
            try self.scratch.write("[log]\nlevle = 1\n", to: "copy.toml")
            #expect(self.read(file: copy, inPlaceOf: file).mistakes.first?.description.hasPrefix("\(file):2: ") == true)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func `what the administrator keeps to themselves is a warning to a user with files of their own`() throws {
        try self.scratch.write("[retry]\nmax_retries = 7\n", to: "etc/qwenproxyd/config.toml", permissions: 0)
        #expect(!self.read().mistakes.isEmpty)
        try self.scratch.write("", to: "xdg/qwenproxyd/config.toml")
        let configuration = self.read()
        #expect(configuration.mistakes.isEmpty)
        #expect(configuration.warnings == ["\(self.system)/config.toml does not count: permission denied."])
        #expect(configuration.files == ["\(self.own)/config.toml"])
    }

    @Test(arguments: [
        ("[upstream]\nmodel = \"a\"\n\n[upstream]\nmodel = \"b\"\n", "4: [upstream] is there twice, first in line 1"),
        (
            "[upstreams.a]\nmodel = \"a\"\n[log]\n[ upstreams.a ] # more\n",
            "4: [upstreams.a] is there twice, first in line 1"
        ),
    ])
    func `a table that is there twice is called that`(text: String, message: String) throws {
        let mistakes = try self.scratch.mistakes(text)
        #expect(mistakes.count == 1)
        #expect(
            mistakes.first?.hasPrefix("~/config.toml:\(message): put the settings of both below one") == true,
            "\(mistakes)")
    }
}

extension Configuration {
    fileprivate func source(of key: String) -> ConfigurationSource? { self.provenance.last { $0.key == key }?.source }
}
