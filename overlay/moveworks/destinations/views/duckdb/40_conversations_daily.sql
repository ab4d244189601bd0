-- needs: conversations
-- Conversations of a day (UTC), by how they began and what they are about.
CREATE OR REPLACE VIEW conversations_daily AS
SELECT (created_time AT TIME ZONE 'UTC')::DATE AS day, route, primary_domain, count(*) AS conversations
FROM conversations
WHERE created_time IS NOT NULL
GROUP BY 1, 2, 3
