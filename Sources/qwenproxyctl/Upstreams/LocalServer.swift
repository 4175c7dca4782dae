// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Shared

/// A program on this machine that serves models, and what it has.
struct LocalServer: Equatable {
    /// The name of an upstream that it becomes.
    var name: String
    var title: String
    var baseURL: String
    var models: [String]
    var owner = ServerOwner.trusted

    /// Where the usual ones listen.
    static let usual: [(name: String, title: String, port: Int)] = [
        ("ollama", "Ollama", 11434), ("llama-cpp", "llama.cpp", 8080), ("vllm", "vLLM", 8000),
        ("lm-studio", "LM Studio", 1234), ("sglang", "SGLang", 30000),
    ]

    /// Those that answer now. Other programs use some of these ports as well; they have no list of models.
    static func running() -> [LocalServer] {
        self.usual.compactMap { name, title, port in
            let baseURL = "http://127.0.0.1:\(port)/v1"
            // One port is asked after the other while the user waits, and a server on this machine answers at once.
            guard let models = ModelList.ask(baseURL, key: nil, limit: .milliseconds(800)) else { return nil }
            return LocalServer(
                name: name, title: title, baseURL: baseURL, models: models, owner: .current(ofPort: port))
        }
    }
}

/// The models that a server offers (`GET /models` of the Chat Completions API).
enum ModelList {
    private struct Reply: Decodable {
        struct Model: Decodable {
            var id: String
        }
        var data: [Model]
    }

    /// Nil when the server does not say, or can be asked over TLS only.
    static func ask(_ baseURL: String, key: String?, limit: Duration) -> [String]? {
        // A key never leaves this machine in the clear.
        guard let address = ServerAddress(url: baseURL), !address.isSecure, key == nil || address.isLoopback else {
            return nil
        }
        let authorization = key.map { [(name: "authorization", value: "Bearer \($0)")] } ?? []
        let request = HTTPRequest(path: "\(address.path)/models", headers: authorization)
        guard let bytes = try? request.send(to: address, limit: limit), let answer = HTTPAnswer(bytes) else {
            return nil
        }
        return Self.read(answer)
    }

    static func read(_ answer: HTTPAnswer) -> [String]? {
        guard answer.status == 200, let reply = try? JSONDecoder().decode(Reply.self, from: Data(answer.body)) else {
            return nil
        }
        return Array(reply.data.lazy.map(\.id).filter(\.isShowableName).prefix(Self.limit))
    }

    /// As many as a person looks through.
    private static let limit = 500
}
