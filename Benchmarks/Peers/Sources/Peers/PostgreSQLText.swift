// SPDX-License-Identifier: Apache-2.0

/// The tables and functions that PostgreSQL is given, as they are shown in the documentation.
public enum PostgreSQLText {
    /// The tables.
    ///
    /// Room is left on the pages, so that an update stays on its page and touches no index.
    public static let tables = """
        CREATE TABLE limits (
            id int PRIMARY KEY, used bigint NOT NULL, allowed bigint NOT NULL
        ) WITH (fillfactor = 50);
        CREATE TABLE reservations (
            number bigint PRIMARY KEY, party int NOT NULL, amount bigint NOT NULL,
            outcome smallint NOT NULL
        );
        """

    /// One claim, all three limits.
    ///
    /// The rows are locked in ascending order, so that no two callers wait for one another.
    public static let reserveAll = """
        CREATE FUNCTION reserve_all(
            number bigint, party int, party_group int, country int, asked bigint
        ) RETURNS smallint LANGUAGE plpgsql AS $$
        DECLARE
            holding int;
            outcome smallint := -1;
        BEGIN
            SELECT count(*) INTO holding FROM (
                SELECT l.used, l.allowed FROM limits l WHERE l.id IN (party, party_group, country)
                ORDER BY l.id FOR UPDATE
            ) AS locked WHERE locked.used + asked <= locked.allowed;
            IF holding = 3 THEN
                UPDATE limits l SET used = l.used + asked WHERE l.id IN (party, party_group, country);
                outcome := 0;
            END IF;
            INSERT INTO reservations VALUES (number, party, asked, outcome);
            RETURN outcome;
        END $$;
        """

    /// One claim, the first limit that holds.
    public static let reserveFirst = """
        CREATE FUNCTION reserve_first(
            number bigint, party int, party_group int, country int, asked bigint
        ) RETURNS smallint LANGUAGE plpgsql AS $$
        DECLARE
            outcome smallint := 0;
        BEGIN
            UPDATE limits l SET used = l.used + asked
                WHERE l.id = party AND l.used + asked <= l.allowed;
            IF NOT FOUND THEN
                outcome := 1;
                UPDATE limits l SET used = l.used + asked
                    WHERE l.id = party_group AND l.used + asked <= l.allowed;
                IF NOT FOUND THEN
                    outcome := 2;
                    UPDATE limits l SET used = l.used + asked
                        WHERE l.id = country AND l.used + asked <= l.allowed;
                    IF NOT FOUND THEN
                        outcome := -1;
                    END IF;
                END IF;
            END IF;
            INSERT INTO reservations VALUES (number, party, asked, outcome);
            RETURN outcome;
        END $$;
        """

    /// A batch, all three limits, decided in order.
    ///
    /// The client sends the limits of the batch in ascending order, each once, and where in that
    /// list each claim's three are. They are locked and read by one statement, the arithmetic is
    /// done in arrays, and one statement each writes the limits and the records.
    public static let reserveBatchAll = """
        CREATE FUNCTION reserve_batch_all(
            first_number bigint, ids int[], parties int[], groups int[], countries int[],
            amounts bigint[]
        ) RETURNS smallint[] LANGUAGE plpgsql AS $$
        DECLARE
            used_now bigint[];
            allowed_now bigint[];
            outcomes smallint[] := array_fill(-1::smallint, ARRAY[cardinality(amounts)]);
            p int; g int; c int;
            asked bigint;
        BEGIN
            SELECT array_agg(used), array_agg(allowed) INTO used_now, allowed_now FROM (
                SELECT l.used, l.allowed FROM limits l WHERE l.id = ANY (ids)
                ORDER BY l.id FOR UPDATE
            ) AS locked;
            FOR n IN 1 .. cardinality(amounts) LOOP
                p := parties[n]; g := groups[n]; c := countries[n];
                asked := amounts[n];
                IF used_now[p] + asked <= allowed_now[p] AND used_now[g] + asked <= allowed_now[g]
                    AND used_now[c] + asked <= allowed_now[c] THEN
                    used_now[p] := used_now[p] + asked;
                    used_now[g] := used_now[g] + asked;
                    used_now[c] := used_now[c] + asked;
                    outcomes[n] := 0;
                END IF;
            END LOOP;
            UPDATE limits l SET used = new.used
                FROM unnest(ids, used_now) AS new(id, used)
                WHERE l.id = new.id AND l.used <> new.used;
            INSERT INTO reservations
                SELECT first_number + claim.n - 1, ids[claim.party], claim.amount, claim.outcome
                FROM unnest(parties, amounts, outcomes)
                    WITH ORDINALITY AS claim(party, amount, outcome, n);
            RETURN outcomes;
        END $$;
        """

    /// The same for the first limit that holds.
    public static let reserveBatchFirst = """
        CREATE FUNCTION reserve_batch_first(
            first_number bigint, ids int[], parties int[], groups int[], countries int[],
            amounts bigint[]
        ) RETURNS smallint[] LANGUAGE plpgsql AS $$
        DECLARE
            used_now bigint[];
            allowed_now bigint[];
            outcomes smallint[] := array_fill(-1::smallint, ARRAY[cardinality(amounts)]);
            place int;
            asked bigint;
        BEGIN
            SELECT array_agg(used), array_agg(allowed) INTO used_now, allowed_now FROM (
                SELECT l.used, l.allowed FROM limits l WHERE l.id = ANY (ids)
                ORDER BY l.id FOR UPDATE
            ) AS locked;
            FOR n IN 1 .. cardinality(amounts) LOOP
                asked := amounts[n];
                place := parties[n];
                IF used_now[place] + asked <= allowed_now[place] THEN
                    outcomes[n] := 0;
                ELSE
                    place := groups[n];
                    IF used_now[place] + asked <= allowed_now[place] THEN
                        outcomes[n] := 1;
                    ELSE
                        place := countries[n];
                        IF used_now[place] + asked <= allowed_now[place] THEN
                            outcomes[n] := 2;
                        ELSE
                            CONTINUE;
                        END IF;
                    END IF;
                END IF;
                used_now[place] := used_now[place] + asked;
            END LOOP;
            UPDATE limits l SET used = new.used
                FROM unnest(ids, used_now) AS new(id, used)
                WHERE l.id = new.id AND l.used <> new.used;
            INSERT INTO reservations
                SELECT first_number + claim.n - 1, ids[claim.party], claim.amount, claim.outcome
                FROM unnest(parties, amounts, outcomes)
                    WITH ORDINALITY AS claim(party, amount, outcome, n);
            RETURN outcomes;
        END $$;
        """
}
