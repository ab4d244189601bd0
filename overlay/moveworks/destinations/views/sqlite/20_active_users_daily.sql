-- needs: interactions
-- Active users of a day (UTC): distinct users with an interaction.
CREATE VIEW active_users_daily AS
SELECT substr(created_time, 1, 10) AS day, count(DISTINCT user_id) AS active_users, count(*) AS interactions
FROM interactions
WHERE created_time IS NOT NULL
GROUP BY 1
