-- A case with all that lies in it as one row. $1 the unit that the caller handles, $2 units of his posts, $3 he,
-- $4 his clearance, $5 the case
SELECT c.register_number, (SELECT text FROM content WHERE id = c.title_id),
       (SELECT text FROM content WHERE id = c.requirement_id), c.status, c.matter_type, c.classification, c.handling,
       c.tier, c.yellow_from, c.red_from, c.due_on, c.registered_on, c.dispatched_at, c.created_at, c.updated_at,
       c.version, (SELECT name FROM person WHERE id = c.leader_id),
       (SELECT name FROM person WHERE id = c.registered_by), ARRAY(
         SELECT row(a.id, a.role, a.status, a.yellow_from, a.red_from, a.completion_due_on, u.name, u.kind, ARRAY(
           SELECT row(s.slot, s.content, s.state, s.due_on, s.yellow_from, s.red_from)
           FROM report_slot s WHERE s.assignment_id = a.id ORDER BY s.ordinal, s.id
         ), ARRAY(
           SELECT row(r.content, r.status, r.submitted_at, (SELECT name FROM person WHERE id = r.drafted_by), ARRAY(
             SELECT row(t.kind, words.text)
             FROM report_section t JOIN content words ON words.id = t.text_id
             WHERE t.report_id = r.id ORDER BY t.kind, t.id))
           FROM report r
           WHERE r.assignment_id = a.id
             AND (r.unit_id = $1 OR r.contribution AND r.submitted_at IS NOT NULL AND mine.principal)
           ORDER BY r.created_at DESC, r.id DESC LIMIT 5))
         FROM assignment a JOIN unit u ON u.id = a.unit_id
         WHERE a.case_id = c.id
           AND (a.unit_id = $1 OR c.handling = 'JOINT' AND mine.principal OR a.role = 'LEAD' AND mine.supporting)
         ORDER BY a.issued_at, a.id)
FROM supervision_case c
JOIN case_participant mine ON mine.case_id = c.id AND mine.unit_id = $1 AND (mine.principal OR mine.supporting)
WHERE c.id = $5
  AND c.dispatched_at <= now()
  AND c.classification <= $4
  AND (NOT c.restricted OR c.registered_by = $3 OR EXISTS (
        SELECT FROM case_participant p
        WHERE p.case_id = c.id AND p.restricted
          AND (p.person_id = $3 AND (p.in_scope OR p.leader OR p.proposer) OR p.unit_id = ANY ($2) AND p.in_scope)))
  AND NOT EXISTS (SELECT FROM case_participant p WHERE p.case_id = c.id AND p.person_id = $3 AND p.recused)
