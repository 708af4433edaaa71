// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Rulebook {
    /// The largest rule file, in bytes: an adoption carries it in one entry of the log.
    public static let maximumByteCount = YAMLReader.maximumByteCount

    /// Reads and validates a rule file.
    ///
    /// - Parameters:
    ///   - bytes: The file: UTF-8 YAML, at most ``maximumByteCount`` bytes.
    ///   - fileName: What to call it in messages; nothing is opened.
    /// - Returns: The rulebook.
    /// - Throws: Everything that is wrong with the file, each finding with line, column and field.
    ///   What is not YAML at all, or repeats a key, is found alone.
    /// - Complexity: Linear in the file's length; of a file that was read not long ago the time to
    ///   compare its bytes.
    public static func load(bytes: [UInt8], fileName: String) throws(RulebookError) -> Rulebook {
        if let known = RulebookMemory.shared.rulebook(of: bytes) { return known }
        let findings = FindingCollector(fileName: fileName)
        let root = YAMLReader(findings: findings).read(bytes).map { node in
            Field(node: node, path: "", findings: findings)
        }
        let rulebook = root?.group().flatMap { RulebookParser(file: $0).rulebook() }
        guard findings.isEmpty, let rulebook else { throw findings.error }
        RulebookMemory.shared.remember(rulebook, of: bytes)
        return rulebook
    }
}

/// Reads the sections of a rule file.
///
/// Each reads all it can, so that one run finds everything.
struct RulebookParser {
    static let format = "headroom-rulebook-1"

    let file: FieldGroup

    func rulebook() -> Rulebook? {
        _ = file.required("format")?.value(Self.format) { $0 == Self.format ? $0 : nil }
        let name = file.required("name")?.value(identifierShape) { RulebookIdentifier($0) }
        let version = file.required("version")?.number(1...999_999, example: "1")
        let title = file.required("title")?.text(maximumByteCount: 200)
        let source = file.required("source")?.text()
        let effective = file.group("effective")?.cited("day") { $0.date() }
        let legalStatus = legalStatus()
        let factor = file.group("unit")?.cited("tpp-per-h100e") { field in
            field.number(1...1_000_000_000, example: "15,825")
        }
        let control = control()
        let countries = countries(effective: effective?.value)
        let endUses = endUses()
        let statuses = statuses()
        let multiplier = file.group("agreements")?.cited("multiplier") { field in
            field.number(1...1_000, example: "2")
        }
        let drafts = mechanisms(tppPerH100e: factor?.value)
        let openPoints = openPoints()
        let watched = watched()
        let thresholds = thresholds()
        let modelWeights = modelWeights()
        file.finish()
        if let drafts {
            MechanismChecks(
                drafts: drafts,
                countries: countries,
                effective: effective?.value,
                multiplier: multiplier?.value,
                availability: openPoints?.smallOrderAvailability.value,
                endUses: endUses
            ).run()
        }
        guard let name, let version, let title, let source, let effective, let legalStatus,
            let factor, let control, let countries, let endUses, let statuses, let multiplier,
            let openPoints, let thresholds, let watched, let modelWeights,
            let mechanisms = drafts?.rules
        else { return nil }
        return Rulebook(
            name: name,
            version: version,
            title: title,
            source: source,
            effective: effective,
            legalStatus: legalStatus,
            tppPerH100e: factor,
            control: control,
            countries: countries,
            endUses: endUses,
            statuses: statuses,
            agreementMultiplier: multiplier,
            mechanisms: mechanisms,
            openPoints: openPoints,
            watched: watched,
            thresholds: thresholds,
            modelWeights: modelWeights
        )
    }

    private func legalStatus() -> LegalStatus? {
        guard let group = file.group("legal-status") else { return nil }
        let flag = { (key: String) in group.group(key)?.cited("day") { $0.optionalDate() } }
        let published = flag("published")
        let effective = flag("effective")
        let complianceFrom = flag("compliance-from")
        let enforcedFrom = flag("enforced-from")
        let enforcedUntil = flag("enforced-until")
        let rescinded = flag("rescinded")
        group.finish()
        guard let published, let effective, let complianceFrom, let enforcedFrom,
            let enforcedUntil, let rescinded
        else { return nil }
        return LegalStatus(
            published: published,
            effective: effective,
            complianceFrom: complianceFrom,
            enforcedFrom: enforcedFrom,
            enforcedUntil: enforcedUntil,
            rescinded: rescinded
        )
    }

    private func control() -> ControlRule? {
        guard let group = file.group("control") else { return nil }
        let threshold = group.required("tpp")?.tpp()
        let denseField = group.required("dense-tpp")
        let denseThreshold = denseField?.tpp()
        let density = group.required("density")?
            .value("a density with at most two decimals, such as 5.92") { PerformanceDensity($0) }
        let purpose = group.required("made-for")?.choice(DevicePurpose.self)
        let unknown = group.required("unknown-density")?.choice(UnknownDensity.self)
        let citation = group.citation()
        group.finish()
        if let threshold, let denseThreshold, denseThreshold > threshold {
            denseField?.fail("is above tpp, so the density could never count; expected at most it")
        }
        guard let threshold, let denseThreshold, let density, purpose != nil, let unknown,
            let citation
        else { return nil }
        return ControlRule(
            threshold: threshold,
            denseThreshold: denseThreshold,
            density: density,
            unknownDensity: unknown,
            citation: citation
        )
    }

    private func endUses() -> [EndUseRule]? {
        file.required("end-uses")?.items()?.collect { item, earlier in
            guard let group = item.group() else { return nil }
            let codeField = group.required("code")
            let code = codeField?.value(identifierShape) { EndUseIdentifier($0) }
            let isProhibited = group.required("prohibited")?.yesOrNo()
            let citation = group.citation()
            group.finish()
            guard let code, let isProhibited, let citation else { return nil }
            if earlier.contains(where: { $0.code == code }) {
                codeField?.fail("\(quoted(code.text)) is listed twice")
            }
            return EndUseRule(code: code, isProhibited: isProhibited, citation: citation)
        }
    }

    private func statuses() -> StatusRules? {
        guard let group = file.group("statuses") else { return nil }
        let attestation = group.group("security-attestation")?.cited("choice") { field in
            field.choice(SecurityAttestationRule.self)
        }
        let universal = group.group("uveu")?.cited("eligible") { field in
            field.choice(StatusEligibility.self)
        }
        let national = group.group("nveu")?.cited("eligible") { field in
            field.choice(StatusEligibility.self)
        }
        group.finish()
        guard let attestation, let universal, let national else { return nil }
        return StatusRules(
            securityAttestation: attestation,
            universal: universal,
            national: national
        )
    }
}

/// What a device has to be made for to count.
enum DevicePurpose: String, CaseIterable {
    case dataCenters = "data-centers"
}
