-- needs: interactions, conversations, plugin_calls, plugin_resources, users
-- Interactions with their conversation, user, plugin calls and the resources of these calls: the joined table of the
-- vendor's guide. An interaction with several calls or resources has several rows: count distinct interaction_id.
CREATE OR REPLACE VIEW raw_interactions AS
SELECT
  i.id AS interaction_id, i.created_time, i.actor, i.platform, i.type, i.label, i.parent_interaction_id, i.detail,
  i.conversation_id, c.route, c.primary_domain,
  i.user_id, u.email_addr,
  p.id AS plugin_call_id, p.plugin_name, p.served, p.used,
  r.id AS plugin_resource_id, r.type AS resource_type, r.resource_id, r.cited
FROM interactions i
LEFT JOIN conversations c ON c.id = i.conversation_id
LEFT JOIN users u ON u.id = i.user_id
LEFT JOIN plugin_calls p ON p.interaction_id = i.id
LEFT JOIN plugin_resources r ON r.plugin_call_id = p.id
