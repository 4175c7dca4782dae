// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials

/// Who answered, or did not. `UpstreamAdvice` has the words for it.
package struct UpstreamIdentity: Sendable, Equatable {
    /// As the configuration calls it.
    var name: String
    var product: UpstreamProduct
    var kind: UpstreamAuthorization.Kind
    /// Host, and port where it is not the scheme's own.
    var host: String
    /// The model that was asked for there.
    var model: String
}
