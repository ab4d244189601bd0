-- needs: plugin_calls, plugin_resources
-- Citations: of the calls of a plugin that found a resource, how many had one cited in the answer.
CREATE OR REPLACE VIEW citations AS
SELECT
  p.plugin_name, count(DISTINCT p.id) AS calls_with_resources,
  count(DISTINCT CASE WHEN r.cited THEN p.id END) AS calls_with_citation
FROM plugin_calls p
JOIN plugin_resources r ON r.plugin_call_id = p.id
GROUP BY 1
