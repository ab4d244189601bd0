-- needs: interactions
-- Feedback of a day (UTC): clicks on the links under an answer that say whether it helped.
CREATE VIEW feedback_daily AS
SELECT
  substr(created_time, 1, 10) AS day,
  count(*) FILTER (WHERE json_extract(detail, '$.resource_id') = 'HELPFUL') AS helpful,
  count(*) FILTER (WHERE json_extract(detail, '$.resource_id') = 'UNHELPFUL') AS unhelpful
FROM interactions
WHERE type = 'INTERACTION_TYPE_LINK_CLICK' AND created_time IS NOT NULL
  AND (json_extract(detail, '$.resource_id')) IN ('HELPFUL', 'UNHELPFUL')
GROUP BY 1
