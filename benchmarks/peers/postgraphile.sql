-- What PostGraphile needs: what is computed as functions of a row, the row rule twice (as policies of a role, and as
-- functions), and the mutation. The caller is in the settings bench.*.
CREATE FUNCTION bench.handles() RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT current_setting('bench.handles')::uuid[] $$;
CREATE FUNCTION bench.posts() RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT current_setting('bench.posts')::uuid[] $$;
CREATE FUNCTION bench.me() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT current_setting('bench.me')::uuid $$;
CREATE FUNCTION bench.cleared() RETURNS int LANGUAGE sql STABLE AS $$ SELECT current_setting('bench.cleared')::int $$;

-- ── computed fields ──

CREATE FUNCTION bench.lit(yellow timestamptz, red timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN yellow IS NULL THEN 'NONE' WHEN red <= now() THEN 'RED' WHEN yellow <= now() THEN 'YELLOW'
              ELSE 'GREEN' END $$;
CREATE FUNCTION supervision_case_light(c supervision_case) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN c.status <> 'DISPATCHED' THEN 'NONE' WHEN c.red_from IS NULL THEN 'GREEN'
              ELSE bench.lit(c.yellow_from, c.red_from) END $$;
CREATE FUNCTION assignment_light(a assignment) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN a.status NOT IN ('ISSUED', 'ACKNOWLEDGED') THEN 'NONE' WHEN a.red_from IS NULL THEN 'GREEN'
              ELSE bench.lit(a.yellow_from, a.red_from) END $$;
CREATE FUNCTION report_slot_light(s report_slot) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN s.state <> 'OPEN' THEN 'NONE' ELSE bench.lit(s.yellow_from, s.red_from) END $$;
CREATE FUNCTION supervision_case_level(c supervision_case) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (ARRAY['PUBLIC', 'INTERNAL', 'WORK_SECRET'])[c.classification + 1] $$;
CREATE FUNCTION supervision_case_title(c supervision_case) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT text FROM content WHERE id = c.title_id $$;
CREATE FUNCTION supervision_case_requirement(c supervision_case) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT text FROM content WHERE id = c.requirement_id $$;
CREATE FUNCTION report_section_text(t report_section) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT text FROM content WHERE id = t.text_id $$;

-- ── the row rule as functions ──

CREATE FUNCTION my_cases() RETURNS SETOF supervision_case LANGUAGE sql STABLE AS $$
  SELECT c.* FROM supervision_case c
  WHERE c.id IN (SELECT p.case_id FROM case_participant p
                 WHERE p.unit_id = ANY (bench.handles()) AND (p.principal OR p.supporting))
    AND c.dispatched_at <= now() AND c.classification <= bench.cleared()
    AND (NOT c.restricted OR c.registered_by = bench.me() OR EXISTS (
          SELECT FROM case_participant p WHERE p.case_id = c.id AND p.restricted
            AND (p.person_id = bench.me() AND (p.in_scope OR p.leader OR p.proposer)
                 OR p.unit_id = ANY (bench.posts()) AND p.in_scope)))
    AND NOT EXISTS (SELECT FROM case_participant p WHERE p.case_id = c.id AND p.person_id = bench.me() AND p.recused) $$;
COMMENT ON FUNCTION my_cases() IS E'@behavior +order +orderBy +filter +filterBy +resource:connection:filter +query:resource:connection:filter +queryField:resource:connection:filter';
CREATE FUNCTION my_case(key uuid) RETURNS supervision_case LANGUAGE sql STABLE AS $$
  SELECT * FROM my_cases() c WHERE c.id = key $$;
CREATE FUNCTION supervision_case_parts(c supervision_case) RETURNS SETOF assignment LANGUAGE sql STABLE AS $$
  SELECT a.* FROM assignment a
  WHERE a.case_id = c.id AND (a.unit_id = ANY (bench.handles())
    OR c.handling = 'JOINT' AND EXISTS (SELECT FROM case_participant p
         WHERE p.case_id = c.id AND p.principal AND p.unit_id = ANY (bench.handles()))
    OR a.role = 'LEAD' AND EXISTS (SELECT FROM case_participant p
         WHERE p.case_id = c.id AND p.supporting AND p.unit_id = ANY (bench.handles())))
  ORDER BY a.issued_at, a.id $$;
CREATE FUNCTION assignment_given(a assignment) RETURNS SETOF report LANGUAGE sql STABLE AS $$
  SELECT r.* FROM report r
  WHERE r.assignment_id = a.id AND (r.unit_id = ANY (bench.handles())
    OR r.contribution AND r.submitted_at IS NOT NULL AND EXISTS (SELECT FROM case_participant p
         WHERE p.case_id = r.case_id AND p.principal AND p.unit_id = ANY (bench.handles())))
  ORDER BY r.created_at DESC, r.id DESC $$;

-- ── the row rule as policies ──

DO $$ BEGIN CREATE ROLE bench_rls LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA public, bench TO bench_rls;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO bench_rls;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO bench_rls;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, bench TO bench_rls;
ALTER TABLE supervision_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE assignment ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_slot ENABLE ROW LEVEL SECURITY;
ALTER TABLE report ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_section ENABLE ROW LEVEL SECURITY;
-- settings are read once in a statement where they stand in a sub-select
CREATE POLICY seen ON supervision_case TO bench_rls USING (
  id IN (SELECT p.case_id FROM case_participant p
         WHERE p.unit_id = ANY ((SELECT bench.handles())::uuid[]) AND (p.principal OR p.supporting))
  AND dispatched_at <= now() AND classification <= (SELECT bench.cleared())
  AND (NOT restricted OR registered_by = (SELECT bench.me()) OR EXISTS (
        SELECT FROM case_participant p WHERE p.case_id = supervision_case.id AND p.restricted
          AND (p.person_id = (SELECT bench.me()) AND (p.in_scope OR p.leader OR p.proposer)
               OR p.unit_id = ANY ((SELECT bench.posts())::uuid[]) AND p.in_scope)))
  AND id NOT IN (SELECT p.case_id FROM case_participant p WHERE p.person_id = (SELECT bench.me()) AND p.recused));
CREATE POLICY seen ON assignment TO bench_rls USING (
  (unit_id = ANY ((SELECT bench.handles())::uuid[])
    OR EXISTS (SELECT FROM case_participant p WHERE p.case_id = assignment.case_id AND p.principal
                 AND p.unit_id = ANY ((SELECT bench.handles())::uuid[]))
       AND EXISTS (SELECT FROM supervision_case c WHERE c.id = assignment.case_id AND c.handling = 'JOINT')
    OR role = 'LEAD' AND EXISTS (SELECT FROM case_participant p WHERE p.case_id = assignment.case_id AND p.supporting
                                   AND p.unit_id = ANY ((SELECT bench.handles())::uuid[])))
  AND EXISTS (SELECT FROM supervision_case c WHERE c.id = assignment.case_id));
CREATE POLICY seen ON report_slot TO bench_rls USING (
  EXISTS (SELECT FROM assignment a WHERE a.id = report_slot.assignment_id));
CREATE POLICY seen ON report TO bench_rls USING (
  (unit_id = ANY ((SELECT bench.handles())::uuid[])
    OR contribution AND submitted_at IS NOT NULL AND EXISTS (
         SELECT FROM case_participant p WHERE p.case_id = report.case_id AND p.principal
           AND p.unit_id = ANY ((SELECT bench.handles())::uuid[])))
  AND EXISTS (SELECT FROM supervision_case c WHERE c.id = report.case_id));
CREATE POLICY seen ON report_section TO bench_rls USING (
  EXISTS (SELECT FROM report r WHERE r.id = report_section.report_id));

-- ── the mutation ──

CREATE FUNCTION hand_in(key uuid, seen int) RETURNS report LANGUAGE sql VOLATILE AS $$
  SELECT * FROM bench.submit_report(bench.handles(), bench.posts(), bench.me(), bench.cleared(),
                                    current_setting('bench.account')::uuid, key, seen) $$;
GRANT EXECUTE ON FUNCTION hand_in TO bench_rls;
