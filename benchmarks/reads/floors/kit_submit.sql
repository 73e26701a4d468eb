-- $1 units that the caller handles, $2 units of his posts, $3 he, $4 his clearance, $5 his account, $6 the report,
-- $7 the version that he has seen
SELECT json_build_object('data', json_build_object('submitReport', json_build_object(
  '__typename', 'SubmitReportPayload',
  'report', json_build_object(
    'id', 'report_' || rtrim(translate(encode(uuid_send(r.id), 'base64'), '+/', '-_'), '='),
    'status', r.status,
    'version', r.version,
    'submittedAt', r.submitted_at,
    'assignment', (
      SELECT json_build_object(
        'id', 'assignment_' || rtrim(translate(encode(uuid_send(a.id), 'base64'), '+/', '-_'), '='),
        'status', a.status,
        'dueOn', a.due_on,
        'light', CASE WHEN a.status NOT IN ('ISSUED', 'ACKNOWLEDGED') THEN 'NONE' WHEN a.red_from IS NULL THEN 'GREEN'
                      WHEN a.red_from <= now() THEN 'RED' WHEN a.yellow_from <= now() THEN 'YELLOW' ELSE 'GREEN' END)
      FROM assignment a WHERE a.id = r.assignment_id)))))::text
FROM bench.submit_report($1, $2, $3, $4, $5, $6, $7) r
