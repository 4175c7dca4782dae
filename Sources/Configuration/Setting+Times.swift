// SPDX-License-Identifier: Apache-2.0

extension Setting {
    /// How long to wait and how often to try.
    static let times: [Setting] = [
        Setting(
            "timeouts.connect", "QWEN_CONNECT_TIMEOUT", \.timeouts.connect,
            .duration(.milliseconds(100) ... .seconds(300)),
            "For the look-up of the upstream's name, the connection and TLS together."),
        Setting(
            "timeouts.first_byte", "QWEN_FIRST_BYTE_TIMEOUT", \.timeouts.firstByte,
            .duration(.milliseconds(100) ... .seconds(3600)),
            "From the end of the request to the first byte of the answer."),
        Setting(
            "timeouts.stall", "QWEN_STALL_TIMEOUT", \.timeouts.stall,
            .duration(.milliseconds(100) ... .seconds(3600)),
            "The longest silence inside an answer."),
        Setting(
            "retry.max_retries", "QWEN_MAX_RETRIES", \.retry.maxRetries, .integer(0...20),
            "How often a request is tried again before anything of an answer has reached the client."),
        Setting(
            "retry.delay", "QWEN_RETRY_DELAY", \.retry.delay, .duration(.zero ... .seconds(300)),
            "The wait before the first retry; it grows with each further one."),
    ]
}
