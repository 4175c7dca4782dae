// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared
import Testing
import Translation

@testable import Knowledge

@Suite struct KnowledgeStoreTests {
    private static let key = KnowledgeKey(upstream: "local", baseURL: "http://127.0.0.1:8080/v1/", model: "qwen \"3\"")
    private static let now = Timestamp(secondsSinceEpoch: 1_790_000_000)

    /// Every kind of lesson, from several origins.
    private static let lessons: [(Lesson, FactOrigin)] =
        [
            (.contextWindow(32_768), .modelList), (.promptLimit(32_000), .errorMessage),
            (.maximumOutputTokens(8192), .modelInfo), (.refusesImages, .properties),
            (.server(.llamaCpp), .modelList), (.tokenScale(1_130), .usage),
        ] + RequestParameter.allCases.map { (.refusesParameter($0), .errorMessage) }

    @Test func `the generation changes with what is known, and only then`() {
        let store = KnowledgeStore()
        let first = store.generation
        #expect(store.observe(.contextWindow(8192), of: Self.key, origin: .modelList, at: Self.now))
        let second = store.generation
        #expect(second != first)
        #expect(!store.observe(.contextWindow(8192), of: Self.key, origin: .modelList, at: .now()))
        #expect(store.generation == second)
        #expect(store.traits(for: Self.key).contextWindow == 8192)
        store.forget(upstream: "another")
        #expect(store.generation == second)
        store.forget(upstream: "local")
        #expect(store.generation != second)
        #expect(store.traits(for: Self.key).isEmpty)
    }

    @Test func `an address is the same with and without a slash at its end`() {
        let store = KnowledgeStore()
        store.observe(.refusesImages, of: Self.key, origin: .errorMessage, at: Self.now)
        let other = KnowledgeKey(upstream: "local", baseURL: "http://127.0.0.1:8080/v1", model: "qwen \"3\"")
        #expect(store.traits(for: other).acceptsImages == false)
    }

    @Test func `clients cannot fill the memory with names`() {
        let store = KnowledgeStore()
        for index in 0..<KnowledgeTable.limit + 10 {
            let key = KnowledgeKey(upstream: "u", baseURL: "http://h", model: "m\(index)")
            store.observe(
                .contextWindow(8192), of: key, origin: .errorMessage,
                at: Timestamp(secondsSinceEpoch: Self.now.secondsSinceEpoch + Int64(index)))
        }
        let known = (0..<KnowledgeTable.limit + 10).filter {
            !store.traits(for: KnowledgeKey(upstream: "u", baseURL: "http://h", model: "m\($0)")).isEmpty
        }
        #expect(known == Array(10..<KnowledgeTable.limit + 10))
        let long = KnowledgeKey(upstream: "u", baseURL: "http://h", model: String(repeating: "m", count: 257))
        #expect(!store.observe(.contextWindow(8192), of: long, origin: .errorMessage, at: Self.now))
    }

    @Test func `all that was learned is known after a restart, with its origin and age`() throws {
        try Self.withDirectory { directory in
            let before = KnowledgeStore(file: KnowledgeFile(directory: directory + "/made/for it"))
            try before.load()
            for (lesson, origin) in Self.lessons { before.observe(lesson, of: Self.key, origin: origin, at: Self.now) }
            try before.save()
            let after = KnowledgeStore(file: KnowledgeFile(directory: directory + "/made/for it"))
            try after.load(at: Self.now)
            #expect(after.traits(for: Self.key) == before.traits(for: Self.key))
            #expect(after.facts(for: Self.key) == before.facts(for: Self.key))
            #expect(after.facts(for: Self.key).contains(Fact(.promptLimit(32_000), from: .errorMessage, at: Self.now)))
            #expect(after.traits(for: Self.key).refusedParameters == Set(RequestParameter.allCases))
        }
    }

    @Test func `the file and its directory are their owner's alone, and nothing else is left there`() throws {
        try Self.withDirectory { directory in
            let file = KnowledgeFile(directory: directory + "/state")
            let store = KnowledgeStore(file: file)
            for window in [8192, 16_384, 32_768] {
                store.observe(.contextWindow(window), of: Self.key, origin: .modelList, at: Self.now)
                try store.save()
            }
            #expect(Self.mode(directory + "/state") == 0o700)
            #expect(Self.mode(file.path) == 0o600)
            #expect(Self.names(in: directory + "/state") == ["knowledge.json"])
        }
    }

    @Test(arguments: [
        ("", "it is no JSON: the text ends too early at byte 0"), ("[]", "it holds something else"),
        (#"{"version":1,"models":[{"#, "it is no JSON: the text ends too early at byte 24"),
        (#"{"version":2,"models":[]}"#, "a newer qwenproxyd wrote it"),
        (#"{"version":-1,"models":[]}"#, "it holds something else"),
        (#"{"version":99999999999999999999999,"models":[]}"#, "it holds something else"),
    ])
    func `a file that cannot be used is put aside`(_ content: String, _ reason: String) throws {
        try Self.withDirectory { directory in
            let file = KnowledgeFile(directory: directory)
            try Self.write(content, to: file.path)
            let store = KnowledgeStore(file: file)
            let moved = file.path + ".unusable"
            #expect(throws: KnowledgeFile.Failure.unusable(reason: reason, movedTo: moved)) { try store.load() }
            #expect(Self.names(in: directory) == ["knowledge.json.unusable"])
            // The daemon goes on and may write its own.
            store.observe(.contextWindow(8192), of: Self.key, origin: .modelList, at: Self.now)
            try store.save()
            let next = KnowledgeStore(file: file)
            try next.load(at: Self.now)
            #expect(next.traits(for: Self.key).contextWindow == 8192)
        }
    }

    @Test func `what a file says beyond our words is left out`() throws {
        try Self.withDirectory { directory in
            let file = KnowledgeFile(directory: directory)
            try Self.write(
                """
                {"version":1,"colour":"blue","models":[7,{"upstream":"local"},
                {"upstream":"local","base_url":"http://127.0.0.1:8080/v1","model":"qwen \\"3\\"","facts":[
                {"fact":"context_window","value":1e400,"origin":"/props","learned_at":"2026-09-21T14:13:20Z"},
                {"fact":"context_window","value":-5,"origin":"/props","learned_at":"2026-09-21T14:13:20Z"},
                {"fact":"context_window","value":4096,"origin":"a dream","learned_at":"2026-09-21T14:13:20Z"},
                {"fact":"context_window","value":8192,"origin":"/props","learned_at":"yesterday"},
                {"fact":"speed","value":4096,"origin":"/props","learned_at":"2026-09-21T14:13:20Z"},
                {"fact":"max_output_tokens","value":4096,"origin":"/props","learned_at":"2026-09-21T14:13:20Z"},
                {"fact":"refuses_images","origin":"an error message","learned_at":"2020-01-01T00:00:00Z"}]}]}
                """, to: file.path)
            let store = KnowledgeStore(file: file)
            try store.load(at: Self.now)
            #expect(store.facts(for: Self.key).map(\.lesson) == [.maximumOutputTokens(4096)])
        }
    }

    @Test func `what a clock that was ahead has written gives way, and is not believed for ever`() throws {
        try Self.withDirectory { directory in
            let file = KnowledgeFile(directory: directory)
            try Self.write(
                """
                {"version":1,"models":[{"upstream":"local","base_url":"http://127.0.0.1:8080/v1","model":"qwen \\"3\\"","facts":[
                {"fact":"context_window","value":4096,"origin":"/props","learned_at":"9999-12-31T23:59:59Z"}]}]}
                """, to: file.path)
            let store = KnowledgeStore(file: file)
            try store.load(at: Self.now)
            #expect(store.facts(for: Self.key).map(\.learnedAt) == [Self.now])
            let later = Timestamp(secondsSinceEpoch: Self.now.secondsSinceEpoch + 1)
            store.observe(.contextWindow(8192), of: Self.key, origin: .errorMessage, at: later)
            #expect(store.traits(for: Self.key).contextWindow == 8192)
        }
    }

    @Test func `a place that is no file stops nothing`() throws {
        try Self.withDirectory { directory in
            let file = KnowledgeFile(directory: directory)
            #expect(unsafe mkfifo(file.path, 0o600) == 0)
            let store = KnowledgeStore(file: file)
            #expect(throws: KnowledgeFile.Failure.self) { try store.load() }
            let nowhere = KnowledgeStore(file: KnowledgeFile(directory: "/proc/nowhere"))
            try nowhere.load()
            nowhere.observe(.contextWindow(8192), of: Self.key, origin: .modelList)
            #expect(throws: KnowledgeFile.Failure.self) { try nowhere.save() }
            #expect(nowhere.traits(for: Self.key).contextWindow == 8192)
        }
    }

    @Test func `what is there to write is announced`() async {
        let store = KnowledgeStore()
        store.observe(.contextWindow(8192), of: Self.key, origin: .modelList, at: Self.now)
        var changes = store.changes.makeAsyncIterator()
        #expect(await changes.next() != nil)
    }
}

// MARK: - Files

extension KnowledgeStoreTests {
    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let path = "/tmp/qwenproxyd-knowledge-\(UInt64.random(in: 0 ... .max))"
        try #require(unsafe mkdir(path, 0o700) == 0)
        defer { Self.remove(path) }
        try body(path)
    }

    private static func remove(_ path: String) {
        for name in Self.names(in: path) { Self.remove("\(path)/\(name)") }
        _ = unsafe Glibc.remove(path)
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func mode(_ path: String) -> mode_t {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    private static func write(_ text: String, to path: String) throws {
        guard let file = unsafe fopen(path, "w") else {
            throw KnowledgeFile.Failure.failed(operation: "fopen", reason: path)
        }
        _ = unsafe fputs(text, file)
        _ = unsafe fclose(file)
    }
}
