-- needs: interactions
-- Topics: what free texts of users are about, as the service detected it.
CREATE OR REPLACE VIEW topics AS
SELECT detail->>'entity' AS topic, detail->>'domain' AS domain, count(*) AS interactions, count(DISTINCT user_id) AS users
FROM interactions
WHERE type = 'INTERACTION_TYPE_FREE_TEXT' AND (detail->>'entity') IS NOT NULL
GROUP BY 1, 2
