-- The page by a walk along the index (unit, date), and how many there are; what is dispatched has a date of dispatch.
-- $1 the unit that the caller handles, $2 units of his posts, $3 he, $4 his clearance, $5 states, $6 size of the page
SELECT c.id, c.register_number, title.text, c.status,
       CASE WHEN c.status <> 'DISPATCHED' THEN 'NONE' WHEN c.red_from IS NULL THEN 'GREEN'
            WHEN c.red_from <= now() THEN 'RED' WHEN c.yellow_from <= now() THEN 'YELLOW' ELSE 'GREEN' END AS light,
       c.tier, c.handling, c.due_on, c.dispatched_at, leader.name,
       c.handling = 'JOINT' AND found.principal AS sees_all, found.supporting AS sees_lead, (
         SELECT count(*) FROM (
           SELECT FROM case_participant p
           WHERE p.unit_id = $1 AND (p.principal OR p.supporting) AND p.status = ANY ($5::text[])
             AND p.classification <= $4 AND (NOT p.restricted OR EXISTS (
               SELECT FROM case_participant n
               WHERE n.case_id = p.case_id AND n.restricted
                 AND (n.person_id = $3 AND (n.in_scope OR n.leader OR n.proposer)
                      OR n.unit_id = ANY ($2) AND n.in_scope)))
             AND p.case_id NOT IN (SELECT o.case_id FROM case_participant o WHERE o.person_id = $3 AND o.recused)
           LIMIT 10001) counted) AS total
FROM (
  SELECT p.case_id, p.due_at, p.principal, p.supporting
  FROM case_participant p
  WHERE p.unit_id = $1 AND (p.principal OR p.supporting) AND p.status = ANY ($5::text[])
    AND p.classification <= $4 AND (NOT p.restricted OR EXISTS (
      SELECT FROM case_participant n
      WHERE n.case_id = p.case_id AND n.restricted
        AND (n.person_id = $3 AND (n.in_scope OR n.leader OR n.proposer) OR n.unit_id = ANY ($2) AND n.in_scope)))
    AND p.case_id NOT IN (SELECT o.case_id FROM case_participant o WHERE o.person_id = $3 AND o.recused)
  ORDER BY p.due_at, p.case_id
  LIMIT $6::int + 1
) found
JOIN supervision_case c ON c.id = found.case_id AND c.dispatched_at <= now()
JOIN content title ON title.id = c.title_id
LEFT JOIN person leader ON leader.id = c.leader_id
ORDER BY found.due_at, found.case_id
