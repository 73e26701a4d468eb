-- Who acts, in one statement. $1 session, $2 account
SELECT person.id AS person_id, person.name,
       coalesce((SELECT min(level) FROM person_clearance
                 WHERE person_id = person.id AND NOT pending AND revoked_at IS NULL AND valid_from <= now()
                   AND (valid_until IS NULL OR valid_until > now())), 1) AS clearance,
       ARRAY(SELECT unit_id FROM post_holding
             WHERE person_id = person.id AND valid_from <= current_date
               AND (valid_until IS NULL OR valid_until >= current_date)) AS posts,
       ARRAY(SELECT unit_id FROM role_grant
             WHERE (person_id = person.id OR account_id = account.id) AND role = 'unit_handler'
               AND NOT pending AND revoked_at IS NULL AND valid_from <= now()
               AND (valid_until IS NULL OR valid_until > now())) AS handles
FROM session
JOIN account ON account.id = session.account_id
JOIN person ON person.id = account.person_id
WHERE session.id = $1 AND account.id = $2 AND session.revoked_at IS NULL AND session.expires_at > now()
  AND account.disabled_at IS NULL AND (person.valid_until IS NULL OR person.valid_until >= current_date)
  AND EXISTS (SELECT FROM policy_version WHERE status = 'ACTIVE')
