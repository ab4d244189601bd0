-- needs: interactions
-- Feedback of a day (UTC): clicks on the links under an answer that say whether it helped.
CREATE OR REPLACE VIEW feedback_daily AS
SELECT
  (created_time AT TIME ZONE 'UTC')::DATE AS day,
  count(*) FILTER (WHERE (detail->>'resource_id') = 'HELPFUL') AS helpful,
  count(*) FILTER (WHERE (detail->>'resource_id') = 'UNHELPFUL') AS unhelpful
FROM interactions
WHERE type = 'INTERACTION_TYPE_LINK_CLICK' AND created_time IS NOT NULL
  AND (detail->>'resource_id') IN ('HELPFUL', 'UNHELPFUL')
GROUP BY 1
