-- needs: interactions
-- Active users of a day (UTC): distinct users with an interaction.
CREATE OR REPLACE VIEW active_users_daily AS
SELECT (created_time AT TIME ZONE 'UTC')::DATE AS day, count(DISTINCT user_id) AS active_users, count(*) AS interactions
FROM interactions
WHERE created_time IS NOT NULL
GROUP BY 1
