// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared
import TestSupport
import Testing
import Translation

/// Files as people write them, and which of them counts.
@Suite struct CatalogFileTests {
    private let directory: TemporaryDirectory
    private let user: String
    private let system: String

    init() throws {
        self.directory = try TemporaryDirectory("catalog")
        self.user = try self.directory.makeDirectory("user")
        self.system = try self.directory.makeDirectory("system")
    }

    private static func text(date: String = "2026-12-01", models: String = "", products: String = "") -> String {
        #"{"format":1,"date":"\#(date)","models":[\#(models)],"products":[\#(products)]}"#
    }

    private static let row = #""source":"a test","date":"2026-12-01""#

    private func parse(_ text: String) throws -> CatalogFile { try CatalogFile(parsing: Array(text.utf8)) }

    private func mistakes(_ text: String) -> [String] {
        do throws(CatalogFile.Mistakes) {
            _ = try CatalogFile(parsing: Array(text.utf8))
            return []
        } catch {
            return error.all
        }
    }

    private func load() -> (catalog: Catalog, problems: [CatalogFiles.Problem]) {
        CatalogFiles(directories: [self.user, self.system], program: nil).load()
    }

    @Test(arguments: [
        ("", "it is no JSON"), ("[]", "expected a JSON object"), ("{}", "format: expected 1"),
        (#"{"format":2,"date":"2026-12-01"}"#, "format: expected 1"), (#"{"format":1}"#, "date: it has to be there"),
        (#"{"format":1,"date":"2026-02-31"}"#, "date: expected a day"),
        (#"{"format":1,"date":"2026-12-01","models":{}}"#, "models: expected a list of objects"),
        (#"{"format":1,"date":"2026-12-01","models":[1]}"#, "models: expected a list of objects"),
        (Self.text(models: #"{"match":["a"],"date":"2026-12-01"}"#), "models[0].source: it has to be there"),
        (Self.text(models: #"{"match":["a"],"source":"s"}"#), "models[0].date: it has to be there"),
        (Self.text(models: #"{"match":[],\#(Self.row)}"#), "models[0].match: expected at least one pattern"),
        (Self.text(models: #"{"match":"a",\#(Self.row)}"#), "models[0].match: expected a list of texts"),
        (Self.text(models: #"{"match":["a\nb"],\#(Self.row)}"#), "models[0].match: expected a list of texts"),
        (
            Self.text(models: #"{"match":["a"],"source":"\u202ea","date":"2026-12-01"}"#),
            "models[0].source: expected text on one line"
        ),
        (
            Self.text(models: #"{"match":["a"],"context_window":"1M",\#(Self.row)}"#),
            "models[0].context_window: expected a whole number"
        ),
        (
            Self.text(models: #"{"match":["a"],"max_output_tokens":0,\#(Self.row)}"#),
            "models[0].max_output_tokens: expected a whole number"
        ),
        (
            Self.text(models: #"{"match":["a"],"context_window":1e99,\#(Self.row)}"#),
            "models[0].context_window: expected a whole number"
        ),
        (
            Self.text(models: #"{"match":["a"],"images":"yes",\#(Self.row)}"#),
            "models[0].images: expected true or false"
        ),
        (
            Self.text(models: #"{"match":["a"],"thinking":"on",\#(Self.row)}"#),
            "models[0].thinking: expected one of none"
        ),
        (
            Self.text(models: #"{"match":["a"],"prices":[{"input":1}],\#(Self.row)}"#),
            "models[0].prices[0].output: expected a price"
        ),
        (
            Self.text(models: #"{"match":["a"],"prices":[{"input":-1,"output":1}],\#(Self.row)}"#),
            "models[0].prices[0].input: expected a price"
        ),
        (
            Self.text(
                models:
                    #"{"match":["a"],"prices":[{"input":1,"output":1},{"up_to_input_tokens":9,"input":1,"output":1}],\#(Self.row)}"#
            ), "models[0].prices: expected tiers"
        ),
        (
            Self.text(
                models:
                    #"{"match":["a"],"prices":[{"up_to_input_tokens":9,"input":1,"output":1},{"up_to_input_tokens":9,"input":1,"output":1}],\#(Self.row)}"#
            ), "models[0].prices: expected tiers"
        ),
        (
            Self.text(
                models: #"{"match":["a"],"prices":[{"input":1,"output":1},{"input":2,"output":1}],\#(Self.row)}"#),
            "models[0].prices: expected tiers"
        ),
        (Self.text(models: #"{"match":["b","acme/*"],\#(Self.row)}"#), "models[0].match: a vendor's prefix"),
        (Self.text(models: #"{"match":["/"],\#(Self.row)}"#), "models[0].match: a vendor's prefix"),
        (
            Self.text(models: #"{"match":["a"],"context_window":5,"images":true,"context_window":6,\#(Self.row)}"#),
            "models[0].context_window: it is there twice"
        ),
        (#"{"format":1,"date":"2026-12-01","models":[],"models":[]}"#, "models: it is there twice"),
        (Self.text(products: #"{\#(Self.row)}"#), "products[0].name: it has to be there"),
        (
            Self.text(products: #"{"name":"p","hosts":["https://a.example/v1"],\#(Self.row)}"#),
            "products[0].hosts: expected"
        ),
        (Self.text(products: #"{"name":"p","hosts":["a.example:80"],\#(Self.row)}"#), "products[0].hosts: expected"),
        (Self.text(products: #"{"name":"p","hosts":["*.a.example"],\#(Self.row)}"#), "products[0].hosts: expected"),
        (Self.text(products: #"{"name":"p","hosts":[".a.example"],\#(Self.row)}"#), "products[0].hosts: expected"),
        (
            Self.text(
                products: #"{"name":"p","hosts":["a.b"],\#(Self.row)},{"name":"q","hosts":["A.b"],\#(Self.row)}"#),
            "hosts: a.b is there twice"
        ),
        (Self.text(products: #"{"name":"p",\#(Self.row)},{"name":"p",\#(Self.row)}"#), "products: p is there twice"),
        (
            Self.text(products: #"{"name":"p","presets":[{"name":"z"},{"name":"Z"}],\#(Self.row)}"#),
            "presets: z is there twice"
        ),
        (
            Self.text(
                products: #"{"name":"p","presets":[{"name":"q","base_url":"https://{host}/v1"}],\#(Self.row)}"#),
            "products[0].presets[0].base_url: expected an address"
        ),
        (
            Self.text(
                products: #"{"name":"p","presets":[{"name":"q","base_url":"https://{region}.h/v1"}],\#(Self.row)}"#),
            "products[0].presets[0].regions: an address with something to fill in needs them"
        ),
        (Self.text(products: #"{"name":"p","kind":"x",\#(Self.row)}"#), "products[0].kind: expected one of portal"),
        (
            Self.text(products: #"{"name":"p","presets":[{"name":"q","base_url":"http://h/v1"}],\#(Self.row)}"#),
            "products[0].presets[0].base_url: expected an address that begins with https://"
        ),
        (
            Self.text(products: #"{"name":"p","presets":[{"name":"q","base_url":"https://u@h/v1"}],\#(Self.row)}"#),
            "products[0].presets[0].base_url: expected an address that begins with https://"
        ),
        (
            Self.text(products: #"{"name":"p","retired":[{"match":["m"],"source":"s"}],\#(Self.row)}"#),
            "products[0].retired[0].on: it has to be there"
        ),
    ])
    func `a mistake is told with its place`(text: String, message: String) {
        let mistakes = self.mistakes(text)
        #expect(mistakes.contains { $0.hasPrefix(message) }, "\(mistakes)")
    }

    @Test func `all mistakes are told at once, and the line of one in the spelling`() {
        let mistakes = self.mistakes(
            Self.text(models: #"{"match":["a"],"images":1,"cache":"x"},{"match":["b"],\#(Self.row),"efforts":3}"#))
        #expect(mistakes.count == 5, "\(mistakes)")
        #expect(self.mistakes("{\n\"format\": 1,\n,}").first?.hasSuffix("in line 3") == true)
    }

    @Test func `of very many mistakes and remarks the first are told`() throws {
        let rows = Array(repeating: "{}", count: 50_000).joined(separator: ",")
        let mistakes = self.mistakes(Self.text(models: rows))
        #expect(mistakes.count == 21 && mistakes.last == "And 149980 more of that kind.", "\(mistakes)")
        let unknown = (0..<100_000).map { #""contxt_window_\#($0)":1"# }.joined(separator: ",")
        let remarks = try self.parse(Self.text(models: #"{"match":["a"],\#(Self.row),\#(unknown)}"#)).remarks
        #expect(remarks.count == 21 && remarks.last == "And 99980 more of that kind.", "\(remarks)")
        let spread = (0..<1000).map { #"{"match":["a\#($0)"],"x":1,"y":2,\#(Self.row)}"# }.joined(separator: ",")
        #expect(try self.parse(Self.text(models: spread)).remarks.last == "And 1980 more of that kind.")
    }

    @Test func `a host and a preset that two products claim belong to that of the more important file`() throws {
        try self.directory.write(
            Self.text(
                products: """
                    {"name":"mine","dialect":"openai","hosts":["aliyuncs.com","coding.dashscope.aliyuncs.com"],
                     "presets":[{"name":"dashscope-intl","base_url":"https://mine.example/v1"}],\(Self.row)},
                    {"name":"model-studio","title":"another title",\(Self.row)}
                    """), to: "user/catalog.json")
        let (catalog, problems) = self.load()
        #expect(problems.isEmpty)
        for host in ["dashscope-intl.aliyuncs.com", "coding.dashscope.aliyuncs.com", "aliyuncs.com"] {
            #expect(catalog.product(ofHost: host)?.name == "mine", "\(host)")
            #expect(catalog.models.dialect(of: host) == .openAI, "\(host)")
        }
        #expect(catalog.product(ofHost: "coding-intl.dashscope.aliyuncs.com")?.name == "coding-plan")
        #expect(catalog.presets.filter { $0.name == "dashscope-intl" }.map(\.product.name) == ["mine"])
        #expect(catalog.preset(named: "dashscope-intl")?.baseURL == "https://mine.example/v1")
        #expect(catalog.preset(named: "dashscope-cn")?.product.title == "another title")
    }

    @Test func `what is not known is passed over and told`() throws {
        let file = try self.parse(
            Self.text(models: #"{"match":["a"],"context_windw":5,\#(Self.row)}"#))
        #expect(
            file.remarks == [
                "models[0].context_windw is not known here and has no effect. Did you mean context_window?"
            ])
        #expect(file.models[0].traits == ModelTraits())
    }

    @Test func `every cut of a file is a mistake or a file, and never the end of the program`() {
        let text = Array(
            Self.text(
                models: #"{"match":["a*"],"context_window":5,"prices":[{"input":1,"output":2}],\#(Self.row)}"#,
                products: #"{"name":"p","retired":[{"match":["m"],"on":"2026-12-01","source":"s"}],\#(Self.row)}"#
            ).utf8)
        for end in 0..<text.count {
            #expect(throws: CatalogFile.Mistakes.self) { try CatalogFile(parsing: Array(text[..<end])) }
            var damaged = text
            damaged[end] = UInt8(ascii: "9")
            _ = try? CatalogFile(parsing: damaged)
        }
    }

    @Test func `without files the program's own counts`() {
        let (catalog, problems) = self.load()
        #expect(catalog == Catalog.shipped && problems.isEmpty)
    }

    @Test func `the user's file goes before the administrator's, and both before what was shipped, value by value`()
        throws
    {
        try self.directory.write(
            Self.text(models: #"{"match":["Qwen/QWEN3.7-plus"],"context_window":5000,\#(Self.row)}"#),
            to: "user/catalog.json")
        try self.directory.write(
            Self.text(models: #"{"match":["qwen3.7-*"],"context_window":6000,"images":false,\#(Self.row)}"#),
            to: "system/catalog.json")
        let catalog = self.load().catalog
        let traits = try #require(catalog.models.traits(of: "qwen3.7-plus"))
        #expect((traits.contextWindow, traits.acceptsImages, traits.maximumOutputTokens) == (5000, false, 65_536))
        let fields = catalog.fields(of: "qwen3.7-plus")
        #expect(fields.first { $0.name == "context_window" }?.source == "a test")
        #expect(fields.first { $0.name == "max_output_tokens" }?.origin == .shipped)
        #expect(catalog.models.traits(of: "qwen3.7-max")?.contextWindow == 6000)
    }

    @Test func `a row of the user's leaves cache marks out, and nothing else changes`() throws {
        let before = try #require(self.load().catalog.models.traits(of: "qwen3.7-plus"))
        #expect(before.cacheForm == .marks)
        try self.directory.write(
            Self.text(models: #"{"match":["qwen3.7-plus*"],"cache":"automatic",\#(Self.row)}"#), to: "user/catalog.json"
        )
        let after = try #require(self.load().catalog.models.traits(of: "qwen3.7-plus"))
        #expect(after.cacheForm == .automatic)
        #expect((after.contextWindow, after.acceptsImages) == (before.contextWindow, before.acceptsImages))
    }

    @Test func `an update takes the place of what was shipped while it is the newer one`() throws {
        let row = #"{"match":["new-*"],"context_window":7000,\#(Self.row)}"#
        try self.directory.write(Self.text(date: "2020-01-01", models: row), to: "user/catalog.update.json")
        #expect(self.load().catalog.base.origin == .shipped)
        try self.directory.write(Self.text(date: "2099-01-01", models: row), to: "user/catalog.update.json")
        let catalog = self.load().catalog
        #expect(catalog.base.origin == .updated && catalog.models.traits(of: "new-1")?.contextWindow == 7000)
        #expect(catalog.models.traits(of: "qwen3.7-plus") == nil)
    }

    @Test func `what is installed beside the program counts when it is newer`() throws {
        try self.directory.makeDirectory("usr/share/qwenproxyd")
        try self.directory.write(Self.text(date: "2099-01-01"), to: "usr/share/qwenproxyd/catalog.json")
        let files = CatalogFiles(directories: [], program: self.directory.path("usr/bin/qwenproxyd"))
        #expect(files.load().catalog.base.path == self.directory.path("usr/share/qwenproxyd/catalog.json"))
    }

    @Test func `a file that cannot be used is left out and told`() throws {
        try self.directory.write("{", to: "user/catalog.json")
        try self.directory.write("{}", to: "system/catalog.update.json")
        try self.directory.makeDirectory("system/catalog.json")
        let (catalog, problems) = self.load()
        #expect(catalog == Catalog.shipped)
        #expect(
            Set(problems.map(\.path))
                == ["\(self.user)/catalog.json", "\(self.system)/catalog.json", "\(self.system)/catalog.update.json"])
        #expect(problems.filter(\.isHandwritten).map(\.path) == ["\(self.user)/catalog.json"])
    }

    @Test func `a product of the user's is added, or changed in what it says`() throws {
        try self.directory.write(
            Self.text(
                products: """
                    {"name":"mine","hosts":["Models.Example"],"dialect":"dashscope","models":["m"],
                     "presets":[{"name":"Mine","base_url":"https://models.example/v1"}],\(Self.row)},
                    {"name":"coding-plan","models":["qwen9"],\(Self.row)}
                    """), to: "user/catalog.json")
        let catalog = self.load().catalog
        let mine = try #require(catalog.preset(named: "mine"))
        #expect(
            (mine.baseURL, mine.title, mine.product.credentials) == ("https://models.example/v1", "Mine", .keyOrNone))
        #expect(catalog.models.dialect(of: "eu.models.example") == .dashScope)
        let plan = try #require(catalog.preset(named: "coding-plan-cn"))
        #expect((plan.models, plan.keyVariable) == (["qwen9"], "BAILIAN_CODING_PLAN_API_KEY"))
        #expect(catalog.presets.map(\.name).prefix(2) == ["coding-plan-intl", "coding-plan-cn"])
    }

    @Test func `a default that was retired gives way to the next`() throws {
        let file = try self.parse(
            Self.text(
                products: """
                    {"name":"p","models":["old-1","old-2","new"],
                     "retired":[{"match":["old-*"],"on":"2026-11-30","successor":"new","source":"s"}],
                     "presets":[{"name":"p","base_url":"https://p.example/v1"}],\(Self.row)}
                    """))
        let catalog = Catalog(layers: [.init(.user, path: nil, file)])
        #expect(catalog.products[0].defaultModel == "new")
        #expect(catalog.products[0].retirement(of: "Vendor/OLD-2")?.successor == "new")
    }

    @Test func `a successor that was given up in turn gives way to its own`() throws {
        let file = try self.parse(
            Self.text(
                products: """
                    {"name":"p","models":["c"],"retired":[
                      {"match":["a*"],"on":"2026-01-01","successor":"b","source":"s"},
                      {"match":["b"],"on":"2026-02-01","successor":"c","source":"s"},
                      {"match":["d"],"on":"2026-02-01","successor":"e","source":"s"},
                      {"match":["e"],"on":"2026-03-01","source":"s"},
                      {"match":["x"],"on":"2026-03-01","successor":"y","source":"s"},
                      {"match":["y"],"on":"2026-03-01","successor":"x","source":"s"}],\(Self.row)}
                    """))
        let product = Catalog(layers: [.init(.user, path: nil, file)]).products[0]
        #expect(product.retirement(of: "a-1")?.successor == "c")
        #expect(product.retirement(of: "a-1")?.on == "2026-01-01")
        #expect(product.retirement(of: "d") != nil && product.retirement(of: "d")?.successor == nil)
        #expect(product.retirement(of: "x") != nil && product.retirement(of: "x")?.successor == nil)
        #expect(product.retirement(of: "c") == nil)
    }
}
