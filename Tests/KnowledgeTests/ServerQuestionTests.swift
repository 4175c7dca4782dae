// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Knowledge

@Suite struct ServerQuestionTests {
    @Test(arguments: [
        (ServerQuestion.modelList, "http://h:8080/v1", false, "http://h:8080/v1/models"),
        (.modelList, "http://h:8080/v1/", false, "http://h:8080/v1/models"),
        (.modelList, "https://h/apps/anthropic", true, "https://h/apps/anthropic/v1/models"),
        (.llamaProperties, "http://h:8080/v1", false, "http://h:8080/props?model=a%2Fb%20c%3A7&autoload=false"),
        (.llamaProperties, "http://h:8080/api", false, "http://h:8080/api/props?model=a%2Fb%20c%3A7&autoload=false"),
        (.ollamaRunningModels, "http://h:11434/v1", false, "http://h:11434/api/ps"),
        (.ollamaModelCard, "http://h:11434", true, "http://h:11434/api/show"),
        (.lmStudioModels, "http://h:1234/v1", false, "http://h:1234/api/v0/models"),
        (.liteLLMModels, "http://h:4000", false, "http://h:4000/v1/model/info"),
    ])
    func `each question goes to its place`(
        _ question: ServerQuestion, _ base: String, _ isMessagesAPI: Bool, _ url: String,
    ) {
        #expect(question.url(at: base, model: "a/b c:7", isMessagesAPI: isMessagesAPI) == url)
    }

    @Test func `only Ollama's card is asked for with a body`() {
        let withBody = ServerQuestion.allCases.filter { $0.body(model: "m") != nil }
        #expect(withBody == [.ollamaModelCard])
        #expect(ServerQuestion.ollamaModelCard.body(model: "a\"b") == Array(#"{"model":"a\"b"}"#.utf8))
    }

    @Test func `each question has an origin of its own`() {
        #expect(Set(ServerQuestion.allCases.map(\.origin)).count == ServerQuestion.allCases.count)
    }
}
