// SPDX-License-Identifier: Apache-2.0

/// Where the pixels of an image block are.
enum ImageSource {
    case data(mediaType: JSONNode?, base64: JSONNode)
    case url(JSONNode)
    /// The model cannot be shown the image; the text says why.
    case unavailable(StaticString)

    /// DashScope's limit for one data URL.
    private static let maximumBytes = 10_485_760

    init(of image: JSONNode, in document: JSONDocument) {
        guard let source = document.member("source", of: image) else {
            self = .unavailable("[An image was left out: it came without a source.]")
            return
        }
        switch document.string("type", of: source) {
        case "base64":
            guard let data = document.visibleString("data", of: source) else {
                self = .unavailable("[An image was left out: it came without data.]")
                return
            }
            // The limit is on the whole URL, and the rest is for what stands in front of the data.
            guard document.contents(of: data).count < Self.maximumBytes - 64 else {
                self = .unavailable("[An image was left out: it is larger than 10 MB.]")
                return
            }
            self = .data(mediaType: document.visibleString("media_type", of: source), base64: data)
        case "url":
            guard let url = document.visibleString("url", of: source) else {
                self = .unavailable("[An image was left out: it came without a URL.]")
                return
            }
            self = .url(url)
        default:
            self = .unavailable("[An image was left out: it is stored where it cannot be read from here.]")
        }
    }

    /// One part of a user message.
    func write(to writer: inout JSONWriter, from document: JSONDocument) {
        writer.raw(#"{"type":"image_url","image_url":{"url":""#)
        switch self {
        case .data(let mediaType, let base64):
            writer.raw("data:")
            if let mediaType { writer.contents(mediaType, of: document) } else { writer.raw("image/png") }
            writer.raw(";base64,")
            writer.contents(base64, of: document)
        case .url(let url):
            writer.contents(url, of: document)
        case .unavailable:
            // Every caller looks at the source first, because the reason is written as text and not as a part.
            preconditionFailure("an image that cannot be shown")
        }
        writer.raw(#""}}"#)
    }
}
