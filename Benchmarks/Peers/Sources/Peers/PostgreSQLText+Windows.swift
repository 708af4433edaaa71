// SPDX-License-Identifier: Apache-2.0

extension PostgreSQLText {
    /// A batch, all three limits, without a loop over claims: rounds of window sums.
    ///
    /// For each claim that is still open, `most` is what the claims before it take of a limit if
    /// all open ones are granted, `least` if none is. If all three limits have room for `most` and
    /// the claim, it is granted; if one has none for `least` and the claim, it is refused. The first
    /// open claim has `most` = `least`, so each round closes one at least, and what is decided is
    /// what one claim at a time gives. Where everything fits there is one round.
    ///
    /// The locks are a statement of their own: the next one then sees what others committed before
    /// the locks were had.
    public static let reserveBatchWindows = """
        CREATE FUNCTION reserve_batch_windows(
            first_number bigint, ids int[], parties int[], groups int[], countries int[],
            amounts bigint[]
        ) RETURNS smallint[] LANGUAGE plpgsql AS $$
        DECLARE
            outcomes smallint[];
        BEGIN
            PERFORM 1 FROM (
                SELECT 1 FROM limits l WHERE l.id = ANY (ids) ORDER BY l.id FOR UPDATE
            ) AS locked;
            WITH RECURSIVE round AS (
                SELECT 0 AS number, claim.n, p.id AS party, g.id AS party_group, c.id AS country,
                    claim.amount, p.allowed - p.used AS party_room, g.allowed - g.used AS group_room,
                    c.allowed - c.used AS country_room, NULL::boolean AS granted
                FROM unnest(parties, groups, countries, amounts)
                    WITH ORDINALITY AS claim(party, party_group, country, amount, n)
                JOIN limits p ON p.id = ids[claim.party]
                JOIN limits g ON g.id = ids[claim.party_group]
                JOIN limits c ON c.id = ids[claim.country]
            UNION ALL
                SELECT number + 1, n, party, party_group, country, amount,
                    party_room, group_room, country_room,
                    CASE
                        WHEN granted IS NOT NULL THEN granted
                        WHEN party_most + amount <= party_room AND group_most + amount <= group_room
                            AND country_most + amount <= country_room THEN true
                        WHEN party_least + amount > party_room OR group_least + amount > group_room
                            OR country_least + amount > country_room THEN false
                    END
                FROM (
                    SELECT round.*,
                        coalesce(sum(amount) FILTER (WHERE granted IS NOT false) OVER p, 0) AS party_most,
                        coalesce(sum(amount) FILTER (WHERE granted) OVER p, 0) AS party_least,
                        coalesce(sum(amount) FILTER (WHERE granted IS NOT false) OVER g, 0) AS group_most,
                        coalesce(sum(amount) FILTER (WHERE granted) OVER g, 0) AS group_least,
                        coalesce(sum(amount) FILTER (WHERE granted IS NOT false) OVER c, 0) AS country_most,
                        coalesce(sum(amount) FILTER (WHERE granted) OVER c, 0) AS country_least,
                        bool_or(granted IS NULL) OVER () AS is_open
                    FROM round
                    WINDOW p AS (PARTITION BY party ORDER BY n
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                        g AS (PARTITION BY party_group ORDER BY n
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                        c AS (PARTITION BY country ORDER BY n
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                ) AS sums
                WHERE is_open
            ), decided AS (
                SELECT n, party, party_group, country, amount, granted,
                    CASE WHEN granted THEN 0 ELSE -1 END::smallint AS outcome
                FROM round WHERE number = (SELECT max(number) FROM round)
            ), charges AS (
                SELECT charged.id, sum(charged.amount)::bigint AS amount FROM (
                    SELECT party AS id, amount FROM decided WHERE granted
                    UNION ALL SELECT party_group, amount FROM decided WHERE granted
                    UNION ALL SELECT country, amount FROM decided WHERE granted
                ) AS charged GROUP BY charged.id
            ), charge AS (
                UPDATE limits l SET used = l.used + charges.amount
                FROM charges WHERE l.id = charges.id
            ), record AS (
                INSERT INTO reservations
                SELECT first_number + n - 1, party, amount, outcome FROM decided
            )
            SELECT array_agg(outcome ORDER BY n) INTO outcomes FROM decided;
            RETURN outcomes;
        END $$;
        """
}
