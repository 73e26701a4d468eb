-- What a report leaves behind when it is submitted, in one function: the hand-written equivalent of `submitReport`.
-- It writes every row that the use case writes. It spares itself holidays in the review date.
CREATE SCHEMA bench;

CREATE FUNCTION bench.submit_report(
  handles uuid[], posts uuid[], me uuid, cleared int, my_account uuid, key uuid, seen int
) RETURNS report LANGUAGE plpgsql AS $$
DECLARE
  r report; c supervision_case; a assignment; slots uuid[]; earliest timestamptz; changed jsonb; record_event uuid;
  review_on date; review_at timestamptz; event_digest text; link text;
BEGIN
  SELECT * INTO r FROM report WHERE id = key AND unit_id = ANY (handles) FOR UPDATE;
  SELECT * INTO c FROM supervision_case s
  WHERE id = r.case_id AND dispatched_at <= now() AND classification <= cleared
    AND EXISTS (SELECT FROM case_participant p
                WHERE p.case_id = s.id AND p.unit_id = ANY (handles) AND (p.principal OR p.supporting))
    AND (NOT restricted OR registered_by = me OR EXISTS (
          SELECT FROM case_participant p
          WHERE p.case_id = s.id AND p.restricted
            AND (p.person_id = me AND (p.in_scope OR p.leader OR p.proposer) OR p.unit_id = ANY (posts) AND p.in_scope)))
    AND NOT EXISTS (SELECT FROM case_participant p WHERE p.case_id = s.id AND p.person_id = me AND p.recused)
  FOR UPDATE;
  IF c.id IS NULL THEN RAISE 'NOT_FOUND'; END IF;
  SELECT * INTO a FROM assignment WHERE id = r.assignment_id FOR UPDATE;
  slots := ARRAY(SELECT s.id FROM report_slot s JOIN report_coverage v ON v.slot_id = s.id
                 WHERE v.report_id = r.id AND s.state = 'OPEN' FOR UPDATE OF s);
  IF r.version <> seen THEN RAISE 'VERSION_CONFLICT'; END IF;
  IF r.status <> 'SIGNED' OR c.status <> 'DISPATCHED' OR slots = '{}' THEN RAISE 'STATUS_CONFLICT'; END IF;
  IF r.contact_name IS NULL OR r.contact_phone IS NULL OR r.seal_file_id IS NULL
     OR (SELECT count(*) FROM report_section t WHERE t.report_id = r.id) < 3
     OR c.handling = 'JOINT' AND EXISTS (
          SELECT FROM assignment other WHERE other.case_id = c.id AND other.role = 'SUPPORTING' AND NOT EXISTS (
            SELECT FROM report given WHERE given.assignment_id = other.id AND given.status IN ('SUBMITTED', 'ACCEPTED')))
  THEN RAISE 'INVALID_INPUT'; END IF;

  review_on := (SELECT day FROM generate_series(current_date + 1, current_date + 7, '1 day') day
                WHERE extract(isodow FROM day) < 6 ORDER BY day OFFSET 1 LIMIT 1);
  review_at := (review_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai';
  UPDATE report
  SET status = 'SUBMITTED', submitted_by = me, submitted_at = now(), received_at = now(), updated_at = now(),
      version = version + 1
  WHERE id = r.id RETURNING * INTO r;
  INSERT INTO deadline (id, subject_kind, subject_id, case_id, stage, generation, start_on, days, day_count, due_on,
                        due_at, fire_at, source, rule_set_id, calendar_version, provisional, state)
  VALUES (gen_random_uuid(), 'REVIEW', r.id, c.id, 'NOTICE', 1, current_date, 2, 'WORKING', review_on,
          review_at, review_at + interval '8 hours 30 minutes', 'OFFICE', c.rule_set_id, '', false, 'PENDING');
  INSERT INTO todo (id, case_id, subject_kind, subject_id, action, role, classification, since, due_on, due_at)
  VALUES (gen_random_uuid(), c.id, 'report', r.id, 'REVIEW_REPORT',
          CASE WHEN EXISTS (SELECT FROM unit WHERE id = r.unit_id AND kind = 'SUPERVISION_OFFICE')
               THEN 'office_leader' ELSE 'supervision_officer' END,
          0, now(), review_on, review_at);
  UPDATE report_slot SET state = 'MET', met_at = now(), met_on_time = now() < due_at, version = version + 1
  WHERE id = ANY (slots);
  UPDATE deadline SET state = 'CANCELLED'
  WHERE subject_kind = 'SLOT' AND subject_id = ANY (slots) AND state = 'PENDING';
  UPDATE todo SET closed_at = now(), closed_by = me
  WHERE subject_kind = 'report_slot' AND subject_id = ANY (slots) AND closed_at IS NULL;
  UPDATE assignment SET version = version + 1, updated_at = now() WHERE id = a.id;
  earliest := least((SELECT min(due_at) FROM report_slot WHERE case_id = c.id AND state = 'OPEN'),
                    (SELECT min(completion_due_at) FROM assignment
                     WHERE case_id = c.id AND status IN ('ISSUED', 'ACKNOWLEDGED') AND NOT in_review));
  UPDATE case_participant SET status = c.status, due_at = earliest, red_from = earliest,
                              classification = c.classification, restricted = c.restricted
  WHERE case_id = c.id AND unit_id IS NOT NULL OR case_id = c.id AND person_id IS NOT NULL;  -- two partial indexes

  changed := jsonb_build_array(
    to_jsonb(r), to_jsonb(a),
    (SELECT jsonb_agg(to_jsonb(s)) FROM report_slot s WHERE s.id = ANY (slots)),
    (SELECT jsonb_agg(to_jsonb(d)) FROM deadline d
     WHERE d.subject_kind IN ('SLOT', 'REVIEW') AND d.subject_id = ANY (slots || r.id)));
  record_event := gen_random_uuid();
  event_digest := encode(sha256(convert_to(changed::text, 'UTF8')), 'hex');
  link := encode(sha256(convert_to(c.record_hash || event_digest, 'UTF8')), 'hex');
  INSERT INTO event (id, type, case_id, case_seq, subject_kind, subject_id, unit_id, actor_kind, actor_person_id,
                     occurred_on, recorded_at, rule_set_id, changes)
  VALUES (record_event, 'report.submitted', c.id, c.record_seq + 1, 'report', r.id, r.unit_id, 'PERSON', me,
          current_date, now(), c.rule_set_id, changed);
  INSERT INTO case_record (case_id, seq, event_id, action, rule_id, actor_kind, actor_account_id, actor_person_id,
                           policy_version, recorded_at, digest, previous, hash)
  VALUES (c.id, c.record_seq + 1, record_event, 'report.submit', 'REP-A2', 'PERSON', my_account, me,
          (SELECT number FROM policy_version WHERE status = 'ACTIVE'), now(), event_digest, c.record_hash, link);
  UPDATE supervision_case
  SET record_seq = record_seq + 1, record_hash = link,
      next_fire_at = (SELECT min(fire_at) FROM deadline WHERE case_id = c.id AND state = 'PENDING')
  WHERE id = c.id;
  INSERT INTO outbox (topic, event_id, dedupe_key, payload, created_at, next_at, attempts)
  VALUES ('report.submitted', record_event, 'event:' || record_event, '{}', now(), now(), 0);
  RETURN r;
END $$;
