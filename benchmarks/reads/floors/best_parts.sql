-- The assignments of a page: what the writer needs and nothing that is costly to decode. $1 cases, $2 the caller's unit
SELECT page.number::int, a.unit_id = $2 AS own, a.role, a.status, a.due_on,
       CASE WHEN a.status NOT IN ('ISSUED', 'ACKNOWLEDGED') THEN 'NONE' WHEN a.red_from IS NULL THEN 'GREEN'
            WHEN a.red_from <= now() THEN 'RED' WHEN a.yellow_from <= now() THEN 'YELLOW' ELSE 'GREEN' END AS light,
       unit.name
FROM unnest($1::uuid[]) WITH ORDINALITY page (id, number)
JOIN assignment a ON a.case_id = page.id
JOIN unit ON unit.id = a.unit_id
ORDER BY a.issued_at, a.id
