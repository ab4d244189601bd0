-- needs: interactions
-- Topics: what free texts of users are about, as the service detected it.
CREATE VIEW topics AS
SELECT json_extract(detail, '$.entity') AS topic, json_extract(detail, '$.domain') AS domain, count(*) AS interactions, count(DISTINCT user_id) AS users
FROM interactions
WHERE type = 'INTERACTION_TYPE_FREE_TEXT' AND json_extract(detail, '$.entity') IS NOT NULL
GROUP BY 1, 2
