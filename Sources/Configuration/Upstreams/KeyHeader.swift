// SPDX-License-Identifier: Apache-2.0

/// The header that carries an API key.
package enum KeyHeader: Sendable, Equatable {
    /// `Authorization: Bearer KEY`
    case bearer
    /// `x-api-key: KEY`
    case xAPIKey
}
