-- needs: plugin_calls
-- Plugins: how often they were called, shown to the user, and used to the end; seconds from the call to its last change.
CREATE VIEW plugin_use AS
SELECT
  plugin_name, count(*) AS calls, count(*) FILTER (WHERE served) AS served, count(*) FILTER (WHERE used) AS used,
  avg((julianday(plugin_update_time) - julianday(created_time)) * 86400) AS mean_latency_seconds
FROM plugin_calls
GROUP BY 1
