-- A case with its reports as one JSON document. $1 units that the caller handles, $2 units of his posts, $3 he,
-- $4 his clearance, $5 the case
SELECT json_build_object('data', json_build_object('case', (
  SELECT json_build_object(
    'id', 'case_' || rtrim(translate(encode(uuid_send(c.id), 'base64'), '+/', '-_'), '='),
    'number', c.register_number,
    'title', (SELECT text FROM content WHERE id = c.title_id),
    'requirement', (SELECT text FROM content WHERE id = c.requirement_id),
    'status', c.status,
    'matterType', c.matter_type,
    'classification', (ARRAY['PUBLIC', 'INTERNAL', 'WORK_SECRET'])[c.classification + 1],
    'handling', c.handling,
    'tier', c.tier,
    'light', CASE WHEN c.status <> 'DISPATCHED' THEN 'NONE' WHEN c.red_from IS NULL THEN 'GREEN'
                  WHEN c.red_from <= now() THEN 'RED' WHEN c.yellow_from <= now() THEN 'YELLOW' ELSE 'GREEN' END,
    'dueOn', c.due_on,
    'registeredOn', c.registered_on,
    'dispatchedAt', c.dispatched_at,
    'createdAt', c.created_at,
    'updatedAt', c.updated_at,
    'version', c.version,
    'leader', (SELECT json_build_object('name', name) FROM person WHERE id = c.leader_id),
    'registeredBy', (SELECT json_build_object('name', name) FROM person WHERE id = c.registered_by),
    'assignments', (
      SELECT coalesce(json_agg(json_build_object(
        'id', 'assignment_' || rtrim(translate(encode(uuid_send(a.id), 'base64'), '+/', '-_'), '='),
        'role', a.role,
        'status', a.status,
        'light', CASE WHEN a.status NOT IN ('ISSUED', 'ACKNOWLEDGED') THEN 'NONE' WHEN a.red_from IS NULL THEN 'GREEN'
                      WHEN a.red_from <= now() THEN 'RED' WHEN a.yellow_from <= now() THEN 'YELLOW' ELSE 'GREEN' END,
        'completionDueOn', a.completion_due_on,
        'unit', (SELECT json_build_object('name', name, 'kind', kind) FROM unit WHERE id = a.unit_id),
        'slots', (
          SELECT coalesce(json_agg(json_build_object(
            'slot', s.slot,
            'content', s.content,
            'state', s.state,
            'dueOn', s.due_on,
            'light', CASE WHEN s.state <> 'OPEN' THEN 'NONE' WHEN s.red_from <= now() THEN 'RED'
                          WHEN s.yellow_from <= now() THEN 'YELLOW' ELSE 'GREEN' END
          ) ORDER BY s.ordinal, s.id), '[]')
          FROM report_slot s WHERE s.assignment_id = a.id),
        'reports', json_build_object('edges', (
          SELECT coalesce(json_agg(json_build_object('node', json_build_object(
            'content', r.content,
            'status', r.status,
            'submittedAt', r.submitted_at,
            'draftedBy', (SELECT json_build_object('name', name) FROM person WHERE id = r.drafted_by),
            'sections', (
              SELECT coalesce(json_agg(json_build_object('kind', t.kind, 'text', words.text)
                                       ORDER BY t.kind, t.id), '[]')
              FROM report_section t JOIN content words ON words.id = t.text_id WHERE t.report_id = r.id)
          )) ORDER BY r.created_at DESC, r.id DESC), '[]')
          FROM (
            SELECT * FROM report r
            WHERE r.assignment_id = a.id
              AND (r.unit_id = ANY ($1) OR r.contribution AND r.submitted_at IS NOT NULL AND EXISTS (
                    SELECT FROM case_participant p WHERE p.case_id = c.id AND p.principal AND p.unit_id = ANY ($1)))
            ORDER BY r.created_at DESC, r.id DESC LIMIT 5) r))
      ) ORDER BY a.issued_at, a.id), '[]')
      FROM assignment a
      WHERE a.case_id = c.id
        AND (a.unit_id = ANY ($1)
          OR c.handling = 'JOINT' AND EXISTS (
               SELECT FROM case_participant p WHERE p.case_id = c.id AND p.principal AND p.unit_id = ANY ($1))
          OR a.role = 'LEAD' AND EXISTS (
               SELECT FROM case_participant p WHERE p.case_id = c.id AND p.supporting AND p.unit_id = ANY ($1))))
  )
  FROM supervision_case c
  WHERE c.id = $5
    AND EXISTS (SELECT FROM case_participant p
                WHERE p.case_id = c.id AND p.unit_id = ANY ($1) AND (p.principal OR p.supporting))
    AND c.dispatched_at <= now()
    AND c.classification <= $4
    AND (NOT c.restricted OR c.registered_by = $3 OR EXISTS (
          SELECT FROM case_participant p
          WHERE p.case_id = c.id AND p.restricted
            AND (p.person_id = $3 AND (p.in_scope OR p.leader OR p.proposer) OR p.unit_id = ANY ($2) AND p.in_scope)))
    AND NOT EXISTS (SELECT FROM case_participant p WHERE p.case_id = c.id AND p.person_id = $3 AND p.recused)
)))::text
