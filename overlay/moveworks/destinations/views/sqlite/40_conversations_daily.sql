-- needs: conversations
-- Conversations of a day (UTC), by how they began and what they are about.
CREATE VIEW conversations_daily AS
SELECT substr(created_time, 1, 10) AS day, route, primary_domain, count(*) AS conversations
FROM conversations
WHERE created_time IS NOT NULL
GROUP BY 1, 2, 3
