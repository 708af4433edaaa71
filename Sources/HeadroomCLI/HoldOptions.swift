// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import QuotaLedger

    /// Which hold, and everything else that an operation on one takes.
    struct HoldOptions: ParsableArguments {
        @Argument(help: ArgumentHelp("The id of the operation that reserved.", valueName: "order"))
        var order: String

        @Option(
            help: ArgumentHelp(
                "Whose order that is (default: the organisation that acts).",
                valueName: "organisation"
            )
        )
        var of: String?

        @OptionGroup var options: OperationOptions

        /// The order, as the operation names it.
        func reference() throws(Rejection) -> OperationReference {
            OperationReference(
                organisation: try owner(),
                id: try OptionValues.identifier(order, "order")
            )
        }

        private func owner() throws(Rejection) -> OrganisationIdentifier? {
            guard let of else { return nil }
            return try OptionValues.identifier(of, "--of")
        }

        /// Makes an operation on the hold, or a part of it, asks the ledger and shows the answer.
        func submit(
            _ asked: PartOptions.Asked = .rest,
            _ action: (OperationReference, HoldPart) -> Action
        ) throws -> ExitStatus {
            let reference = try reference()
            let caller = try options.actor.actor()
            return try options.ledger.folder.withLedger { opened in
                let named = OperationReference(
                    organisation: reference.organisation ?? caller.organisation,
                    id: reference.id
                )
                let part = try asked.part(of: named, in: opened.source)
                let operation = try options.operation(action(reference, part))
                let answer = try hinted(try opened.answer(to: operation), opened.source)
                return try options.show(answer, to: operation, opened.source)
            }
        }

        /// An answer that does not know the order, with whose order of that id there is.
        private func hinted(_ answer: LedgerAnswer, _ log: OpenLog) throws -> LedgerAnswer {
            guard case .rejected(var rejection) = answer, rejection.code == .unknownReference,
                rejection.field == "hold", of == nil,
                let id = OperationIdentifier(order)
            else { return answer }
            let owners = try log.entries(of: id).filter { entry in
                guard case .operation(let record) = entry.content else { return false }
                return record.action.kind == .reserve
            }.map(\.actor.organisation.text)
            guard !owners.isEmpty else { return answer }
            let ways = owners.map { "'--of \($0)'" }.joined(separator: " or ")
            rejection.expected += "; another organisation has an order of that id: \(ways)"
            return .rejected(rejection)
        }
    }

    /// How much of a hold, or of what was shipped under it.
    struct PartOptions: ParsableArguments {
        @Flag(help: "All that is left (the default).")
        var all = false

        @Option(help: ArgumentHelp("So many TPP, as the order was decided.", valueName: "number"))
        var tpp: String?

        @Option(
            help: ArgumentHelp(
                "So many devices; of an order with a single line, of devices.",
                valueName: "number"
            )
        )
        var quantity: String?

        /// A part as the user asked for it.
        enum Asked {
            case rest
            case tpp(TPP)
            case devices(Int64)
        }

        /// What the user asked for, in one way only.
        func asked() throws(Rejection) -> Asked {
            let ways = [
                all ? "--all" : nil, tpp.map { _ in "--tpp" }, quantity.map { _ in "--quantity" },
            ].compactMap { $0 }
            guard ways.count <= 1 else {
                throw OptionValues.malformed(
                    ways[1],
                    tpp ?? quantity ?? "",
                    "only one of --all, --tpp and --quantity"
                )
            }
            if let tpp { return .tpp(try OptionValues.tpp(tpp, "--tpp")) }
            if let quantity { return .devices(try OptionValues.whole(quantity, "--quantity")) }
            return .rest
        }
    }

    extension PartOptions.Asked {
        /// The part in TPP of the hold's own decision: a device counts what it counted then,
        /// whatever it is rated at now.
        func part(of order: OperationReference, in log: OpenLog) throws -> HoldPart {
            switch self {
            case .rest: return .rest
            case .tpp(let amount): return .amount(amount)
            case .devices(let count):
                // An order that is not there is for the ledger to say.
                guard let entry = try log.entries(of: order.id, by: order.organisation).first,
                    case .operation(let record) = entry.content,
                    case .reserve(let reservation) = record.action
                else { return .rest }
                return .amount(try Self.worth(of: count, reservation, record.outcome))
            }
        }

        private static func worth(
            of count: Int64,
            _ reservation: Reservation,
            _ outcome: Outcome
        ) throws(Rejection) -> TPP {
            guard reservation.lines.count == 1,
                case .devices(_, quantity: let quantity) = reservation.lines[0]
            else {
                throw OptionValues.malformed(
                    "--quantity",
                    "\(count)",
                    "an order with a single line, of devices; give '--tpp' or '--all' for this one"
                )
            }
            guard case .decided(let decision) = outcome, decision.asked > .zero else {
                throw OptionValues.malformed(
                    "--quantity",
                    "\(count)",
                    "an order with controlled devices; give '--all' for this one"
                )
            }
            guard
                let worth = TPP(rawValue: decision.asked.rawValue / quantity)
                    .multiplied(by: count)
            else {
                throw Rejection(
                    .amountOverflow,
                    field: "--quantity",
                    found: "\(count)",
                    expected: "at most the \(quantity) of the order"
                )
            }
            return worth
        }
    }
#endif
