-- The ledger as one JSON document. $1 units that the caller handles, $2 units of his posts, $3 he, $4 his clearance,
-- $5 states, $6 size of the page
WITH found AS MATERIALIZED (
  SELECT c.id, c.due_at
  FROM supervision_case c
  WHERE c.id IN (SELECT p.case_id FROM case_participant p WHERE p.unit_id = ANY ($1) AND (p.principal OR p.supporting))
    AND c.dispatched_at <= now()
    AND c.classification <= $4
    AND (NOT c.restricted OR c.registered_by = $3 OR EXISTS (
          SELECT FROM case_participant p
          WHERE p.case_id = c.id AND p.restricted
            AND (p.person_id = $3 AND (p.in_scope OR p.leader OR p.proposer) OR p.unit_id = ANY ($2) AND p.in_scope)))
    AND NOT EXISTS (SELECT FROM case_participant p WHERE p.case_id = c.id AND p.person_id = $3 AND p.recused)
    AND c.status = ANY ($5::text[])
), further AS MATERIALIZED (
  SELECT id, due_at FROM found ORDER BY due_at, id LIMIT $6::int + 1
), page AS MATERIALIZED (
  SELECT c.* FROM (SELECT id FROM further ORDER BY due_at, id LIMIT $6::int) chosen JOIN supervision_case c USING (id)
)
SELECT json_build_object('data', json_build_object('cases', json_build_object(
  'edges', (
    SELECT coalesce(json_agg(json_build_object('node', json_build_object(
      'id', 'case_' || rtrim(translate(encode(uuid_send(c.id), 'base64'), '+/', '-_'), '='),
      'number', c.register_number,
      'title', (SELECT text FROM content WHERE id = c.title_id),
      'status', c.status,
      'light', CASE WHEN c.status <> 'DISPATCHED' THEN 'NONE' WHEN c.red_from IS NULL THEN 'GREEN'
                    WHEN c.red_from <= now() THEN 'RED' WHEN c.yellow_from <= now() THEN 'YELLOW' ELSE 'GREEN' END,
      'tier', c.tier,
      'handling', c.handling,
      'dueOn', c.due_on,
      'dispatchedAt', c.dispatched_at,
      'leader', (SELECT json_build_object('name', name) FROM person WHERE id = c.leader_id),
      'assignments', (
        SELECT coalesce(json_agg(json_build_object(
          'role', a.role,
          'status', a.status,
          'dueOn', a.due_on,
          'light', CASE WHEN a.status NOT IN ('ISSUED', 'ACKNOWLEDGED') THEN 'NONE' WHEN a.red_from IS NULL THEN 'GREEN'
                        WHEN a.red_from <= now() THEN 'RED' WHEN a.yellow_from <= now() THEN 'YELLOW' ELSE 'GREEN' END,
          'unit', (SELECT json_build_object('name', name) FROM unit WHERE id = a.unit_id)
        ) ORDER BY a.issued_at, a.id), '[]')
        FROM assignment a
        WHERE a.case_id = c.id
          AND (a.unit_id = ANY ($1)
            OR c.handling = 'JOINT' AND EXISTS (
                 SELECT FROM case_participant p WHERE p.case_id = c.id AND p.principal AND p.unit_id = ANY ($1))
            OR a.role = 'LEAD' AND EXISTS (
                 SELECT FROM case_participant p WHERE p.case_id = c.id AND p.supporting AND p.unit_id = ANY ($1))))
    )) ORDER BY c.due_at, c.id), '[]')
    FROM page c),
  'pageInfo', json_build_object(
    'hasNextPage', (SELECT count(*) FROM further) > $6,
    'endCursor', (SELECT extract(epoch FROM due_at) || '_' || id FROM page ORDER BY due_at DESC, id DESC LIMIT 1)),
  'totalCount', (SELECT json_build_object('value', least(count(*), 10000), 'exact', count(*) <= 10000) FROM found)
)))::text
