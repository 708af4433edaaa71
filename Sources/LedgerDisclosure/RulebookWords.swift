// SPDX-License-Identifier: Apache-2.0
package import LedgerModel
package import Rulebook

/// What a receipt tells of the rulebook that its entry rests on.
package struct RulebookWords: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// Its version.
    package let version: Int64
    /// Where each mechanism that it has comes from.
    private let mechanisms: [MechanismKind: String]
    /// Where the rule for model weights comes from.
    private let modelWeights: String

    /// What the rulebook of a file is told by; `nil` of a file that is none to this version.
    ///
    /// It is what a full reading gives. Of a file that comes with the program, to the last byte, the
    /// words are written down below, as a receipt needs few and most of its time would go to reading
    /// all the others.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - name: What to call it in messages.
    package init?(file: [UInt8], called name: String) {
        for shipped in Self.shipped where shipped.file.bytes == file {
            self = shipped.words
            return
        }
        do throws(RulebookError) {
            self.init(try Rulebook.load(bytes: file, fileName: name))
        } catch {
            return nil
        }
    }

    /// What a rulebook that was read is told by.
    package init(_ rulebook: Rulebook) {
        name = rulebook.name.text
        version = rulebook.version
        mechanisms = Dictionary(
            rulebook.mechanisms.map { ($0.kind, $0.citation) },
            uniquingKeysWith: { first, _ in first }
        )
        modelWeights = rulebook.modelWeights.citation
    }

    private init(
        name: String,
        version: Int64,
        mechanisms: [MechanismKind: String],
        modelWeights: String
    ) {
        self.name = name
        self.version = version
        self.mechanisms = mechanisms
        self.modelWeights = modelWeights
    }

    /// Where the rulebook takes what decided an operation from: the mechanism, or the rule for model
    /// weights.
    package func citation(of outcome: Outcome) -> String? {
        switch outcome {
        case .decided(let decision): mechanisms[decision.mechanism]
        case .determined: modelWeights
        case .accepted, .refused, .moved, .attested: nil
        }
    }

    // MARK: - The rulebooks that come with the program

    private static var shipped: [(file: ShippedFile, words: RulebookWords)] {
        [(ShippedRulebook.brief.file, brief), (ShippedRulebook.codified.file, codified)]
    }

    private static let brief = RulebookWords(
        name: "diffusion-2025-brief",
        version: 1,
        mechanisms: [
            .concern:
                "15 CFR 742.6(b)(10)(iii)(A)(1), presumption of denial for Macau and Country "
                + "Group D:5, \"wherever located\" for those headquartered there or whose "
                + "ultimate parent is",
            .prohibited: "15 CFR part 744, end-use and end-user controls; they block every path",
            .domestic:
                "15 CFR 742.6(a)(6)(iii)(A), the licence requirement is on exports and "
                + "reexports; the US is at home",
            .allied:
                "White House fact sheet of 13 January 2025, no restrictions for 18 key allies "
                + "and partners; read by destination",
            .universalVEU: "White House fact sheet of 13 January 2025, Universal Verified End User",
            .nationalVEU: "White House fact sheet of 13 January 2025, National Verified End User",
            .smallOrder:
                "White House fact sheet of 13 January 2025, such orders do not count against "
                + "national chip caps",
            .country:
                "White House fact sheet of 13 January 2025, the cap on countries that are "
                + "neither allies nor of concern",
        ],
        modelWeights:
            "15 CFR 742.6(b)(14), 740.27, and part 748, Supplement No. 10, paragraphs 14, 15 "
            + "and 18"
    )

    private static let codified = RulebookWords(
        name: "diffusion-2025-cfr",
        version: 1,
        mechanisms: [
            .concern:
                "15 CFR 742.6(b)(10)(iii)(A)(1), presumption of denial for Macau and Country "
                + "Group D:5, \"wherever located\" for those headquartered there or whose "
                + "ultimate parent is",
            .prohibited: "15 CFR part 744, end-use and end-user controls; they block every path",
            .domestic:
                "15 CFR 742.6(a)(6)(iii)(A), the licence requirement is on exports and "
                + "reexports; the US is in paragraph (a)",
            .allied:
                "15 CFR 740.27, License Exception AIA: located in a paragraph (a) country, and "
                + "neither the headquarters nor the ultimate parent's headquarters outside",
            .universalVEU:
                "15 CFR 748.15(a)(2)(ii), Universal VEU; the ratios are conditions of the "
                + "authorization",
            .nationalVEU:
                "15 CFR 748.15(a)(2)(iii), National VEU; above the table a licence can still "
                + "be asked for",
            .smallOrder:
                "15 CFR 740.29, License Exception LPP, over the corporate group of the "
                + "ultimate parent",
            .country:
                "15 CFR 742.6(b)(10)(iii), approval within the allocation, policy of denial "
                + "once it is met",
        ],
        modelWeights:
            "15 CFR 742.6(b)(14), 740.27, and part 748, Supplement No. 10, paragraphs 14, 15 "
            + "and 18"
    )
}
