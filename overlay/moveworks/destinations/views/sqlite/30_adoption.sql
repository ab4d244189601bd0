-- needs: interactions, users
-- Adoption: users with an interaction, as a share of those who may use the assistant. The users table of the service may
-- be older than the interactions, so the share can be above 1.
CREATE VIEW adoption AS
SELECT
  count(DISTINCT i.user_id) AS active_users,
  (SELECT count(*) FROM users WHERE access_to_bot) AS users_with_access,
  count(DISTINCT i.user_id) * 1.0 / nullif((SELECT count(*) FROM users WHERE access_to_bot), 0) AS adoption
FROM interactions i
