-- Create "api_keys" table
CREATE TABLE `api_keys` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `name` text NOT NULL,
  `key_hash` text NOT NULL,
  `key_prefix` text NOT NULL,
  `scopes` json NOT NULL,
  `pipeline_ids` json NULL,
  `created_by` text NOT NULL,
  `created_at` datetime NOT NULL,
  `expires_at` datetime NULL,
  `revoked_at` datetime NULL,
  `previous_key_hash` text NULL,
  `previous_expires_at` datetime NULL,
  `last_used_at` datetime NULL,
  `use_count` integer NOT NULL DEFAULT 0,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create index "api_keys_key_hash_key" to table: "api_keys"
CREATE UNIQUE INDEX `api_keys_key_hash_key` ON `api_keys` (`key_hash`);
-- Create index "api_keys_previous_key_hash_key" to table: "api_keys"
CREATE UNIQUE INDEX `api_keys_previous_key_hash_key` ON `api_keys` (`previous_key_hash`);
-- Create index "apikey_workspace_id_created_at" to table: "api_keys"
CREATE INDEX `apikey_workspace_id_created_at` ON `api_keys` (`workspace_id`, `created_at`);
-- Create "companies" table
CREATE TABLE `companies` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_by` json NOT NULL,
  `updated_by` json NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `deleted_at` datetime NULL,
  `name` text NOT NULL,
  `domain` text NULL,
  `website` text NULL,
  `industry` text NULL,
  `description` text NULL,
  `phones` json NULL,
  `emails` json NULL,
  `external_id` text NULL,
  `tags` json NULL,
  `custom_fields` json NULL,
  `source` text NOT NULL,
  `search_text` text NOT NULL,
  `sort_name` text NOT NULL,
  `owner_id` text NULL,
  PRIMARY KEY (`workspace_id`, `id`),
  CONSTRAINT `companies_members_owner` FOREIGN KEY (`workspace_id`, `owner_id`) REFERENCES `members` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "company_workspace_id_sort_name_id" to table: "companies"
CREATE INDEX `company_workspace_id_sort_name_id` ON `companies` (`workspace_id`, `sort_name`, `id`);
-- Create index "company_workspace_id_created_at_id" to table: "companies"
CREATE INDEX `company_workspace_id_created_at_id` ON `companies` (`workspace_id`, `created_at`, `id`);
-- Create index "company_workspace_id_domain" to table: "companies"
CREATE INDEX `company_workspace_id_domain` ON `companies` (`workspace_id`, `domain`);
-- Create index "company_workspace_id_external_id" to table: "companies"
CREATE UNIQUE INDEX `company_workspace_id_external_id` ON `companies` (`workspace_id`, `external_id`) WHERE deleted_at IS NULL;
-- Create "contacts" table
CREATE TABLE `contacts` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_by` json NOT NULL,
  `updated_by` json NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `deleted_at` datetime NULL,
  `number` integer NOT NULL,
  `first_name` text NOT NULL DEFAULT '',
  `last_name` text NOT NULL DEFAULT '',
  `emails` json NULL,
  `phones` json NULL,
  `job_title` text NULL,
  `company_name` text NULL,
  `description` text NULL,
  `user_ns` text NULL,
  `tags` json NULL,
  `external_id` text NULL,
  `source` text NOT NULL,
  `search_text` text NOT NULL,
  `sort_name` text NOT NULL,
  `company_name_folded` text NULL,
  `owner_id` text NULL,
  `company_id` text NULL,
  PRIMARY KEY (`workspace_id`, `id`),
  CONSTRAINT `contacts_companies_company` FOREIGN KEY (`workspace_id`, `company_id`) REFERENCES `companies` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT `contacts_members_owner` FOREIGN KEY (`workspace_id`, `owner_id`) REFERENCES `members` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "contact_workspace_id_sort_name_id" to table: "contacts"
CREATE INDEX `contact_workspace_id_sort_name_id` ON `contacts` (`workspace_id`, `sort_name`, `id`);
-- Create index "contact_workspace_id_created_at_id" to table: "contacts"
CREATE INDEX `contact_workspace_id_created_at_id` ON `contacts` (`workspace_id`, `created_at`, `id`);
-- Create index "contact_workspace_id_company_id" to table: "contacts"
CREATE INDEX `contact_workspace_id_company_id` ON `contacts` (`workspace_id`, `company_id`);
-- Create index "contact_workspace_id_number" to table: "contacts"
CREATE UNIQUE INDEX `contact_workspace_id_number` ON `contacts` (`workspace_id`, `number`);
-- Create index "contact_workspace_id_user_ns" to table: "contacts"
CREATE UNIQUE INDEX `contact_workspace_id_user_ns` ON `contacts` (`workspace_id`, `user_ns`) WHERE deleted_at IS NULL;
-- Create index "contact_workspace_id_external_id" to table: "contacts"
CREATE UNIQUE INDEX `contact_workspace_id_external_id` ON `contacts` (`workspace_id`, `external_id`) WHERE deleted_at IS NULL;
-- Create "invitations" table
CREATE TABLE `invitations` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `email` text NOT NULL,
  `role` text NOT NULL,
  `team_ids` json NULL,
  `state` text NOT NULL DEFAULT 'PENDING',
  `token_hash` text NOT NULL,
  `expires_at` datetime NOT NULL,
  `invited_by` json NOT NULL,
  `member_id` text NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create index "invitations_token_hash_key" to table: "invitations"
CREATE UNIQUE INDEX `invitations_token_hash_key` ON `invitations` (`token_hash`);
-- Create index "invitation_workspace_id_created_at_id" to table: "invitations"
CREATE INDEX `invitation_workspace_id_created_at_id` ON `invitations` (`workspace_id`, `created_at`, `id`);
-- Create index "invitation_one_pending" to table: "invitations"
CREATE UNIQUE INDEX `invitation_one_pending` ON `invitations` (`workspace_id`, `email`) WHERE state = 'PENDING';
-- Create "members" table
CREATE TABLE `members` (
  `id` text NOT NULL,
  `partner_member_id` text NULL,
  `origin` text NOT NULL DEFAULT 'PARTNER',
  `first_name` text NOT NULL DEFAULT '',
  `last_name` text NOT NULL DEFAULT '',
  `email` text NOT NULL,
  `avatar_url` text NULL,
  `role` text NOT NULL,
  `permissions` json NULL,
  `is_active` bool NOT NULL DEFAULT true,
  `team_ids` json NULL,
  `availability` json NULL,
  `login_schedule` json NULL,
  `timezone` text NULL,
  `language` text NULL,
  `last_seen_at` datetime NULL,
  `synced_at` datetime NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `search_text` text NOT NULL,
  `sort_name` text NOT NULL,
  `workspace_id` text NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`),
  CONSTRAINT `members_workspaces_members` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "member_workspace_id_sort_name_id" to table: "members"
CREATE INDEX `member_workspace_id_sort_name_id` ON `members` (`workspace_id`, `sort_name`, `id`);
-- Create index "member_workspace_id_email" to table: "members"
CREATE UNIQUE INDEX `member_workspace_id_email` ON `members` (`workspace_id`, `email`);
-- Create index "member_workspace_id_partner_member_id" to table: "members"
CREATE UNIQUE INDEX `member_workspace_id_partner_member_id` ON `members` (`workspace_id`, `partner_member_id`);
-- Create index "member_one_owner" to table: "members"
CREATE UNIQUE INDEX `member_one_owner` ON `members` (`workspace_id`, `role`) WHERE role = 'OWNER';
-- Create "pipelines" table
CREATE TABLE `pipelines` (
  `id` text NOT NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_by` json NOT NULL,
  `updated_by` json NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `deleted_at` datetime NULL,
  `name` text NOT NULL,
  `name_key` text NOT NULL,
  `description` text NULL,
  `category` text NOT NULL DEFAULT 'CUSTOM',
  `record_type` text NOT NULL DEFAULT 'DEAL',
  `position` integer NOT NULL,
  `is_default` bool NOT NULL DEFAULT false,
  `template_key` text NULL,
  `stale_after_hours` integer NULL,
  `require_lost_reason` bool NOT NULL DEFAULT false,
  `workspace_id` text NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`),
  CONSTRAINT `pipelines_workspaces_pipelines` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "pipeline_workspace_id_position" to table: "pipelines"
CREATE INDEX `pipeline_workspace_id_position` ON `pipelines` (`workspace_id`, `position`);
-- Create index "pipeline_workspace_id_name_key" to table: "pipelines"
CREATE UNIQUE INDEX `pipeline_workspace_id_name_key` ON `pipelines` (`workspace_id`, `name_key`) WHERE deleted_at IS NULL;
-- Create index "pipeline_one_default" to table: "pipelines"
CREATE UNIQUE INDEX `pipeline_one_default` ON `pipelines` (`workspace_id`, `is_default`) WHERE is_default AND deleted_at IS NULL;
-- Create "records" table
CREATE TABLE `records` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_by` json NOT NULL,
  `updated_by` json NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `deleted_at` datetime NULL,
  `number` integer NOT NULL,
  `rank` text NOT NULL,
  `title` text NOT NULL,
  `description` text NULL,
  `value` integer NULL,
  `currency` text NOT NULL,
  `probability` integer NOT NULL,
  `probability_source` text NOT NULL,
  `status` text NOT NULL,
  `priority` text NOT NULL DEFAULT 'MEDIUM',
  `contact_name` text NULL,
  `contact_email` text NULL,
  `contact_phone` text NULL,
  `company_name` text NULL,
  `participants` json NULL,
  `line_items` json NULL,
  `value_from_items` bool NOT NULL DEFAULT false,
  `links` json NULL,
  `expected_close_date` text NULL,
  `stage_entered_at` datetime NOT NULL,
  `closed_at` datetime NULL,
  `won_at` datetime NULL,
  `lost_at` datetime NULL,
  `last_activity_at` datetime NOT NULL,
  `last_reassigned_at` datetime NULL,
  `open_task_count` integer NOT NULL DEFAULT 0,
  `next_due_at` datetime NULL,
  `lost_reason` text NULL,
  `lost_reason_key` text NULL,
  `source` text NOT NULL,
  `source_detail` text NULL,
  `copied_from_id` text NULL,
  `channel` text NULL,
  `chat_url` text NULL,
  `user_ns` text NULL,
  `tags` json NULL,
  `custom_fields` json NULL,
  `external_id` text NULL,
  `search_text` text NOT NULL,
  `tag_keys` text NOT NULL,
  `title_folded` text NOT NULL,
  `company_name_folded` text NULL,
  `contact_name_folded` text NULL,
  `lost_reason_folded` text NULL,
  `source_detail_folded` text NULL,
  `custom_index` json NULL,
  `pipeline_id` text NOT NULL,
  `owner_id` text NULL,
  `contact_id` text NULL,
  `company_id` text NULL,
  `stage_id` text NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`),
  CONSTRAINT `records_stages_records` FOREIGN KEY (`workspace_id`, `stage_id`) REFERENCES `stages` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT `records_companies_company` FOREIGN KEY (`workspace_id`, `company_id`) REFERENCES `companies` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT `records_contacts_contact` FOREIGN KEY (`workspace_id`, `contact_id`) REFERENCES `contacts` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT `records_members_owner` FOREIGN KEY (`workspace_id`, `owner_id`) REFERENCES `members` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT `records_pipelines_records` FOREIGN KEY (`workspace_id`, `pipeline_id`) REFERENCES `pipelines` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "record_workspace_id_stage_id_rank" to table: "records"
CREATE UNIQUE INDEX `record_workspace_id_stage_id_rank` ON `records` (`workspace_id`, `stage_id`, `rank`) WHERE deleted_at IS NULL;
-- Create index "record_workspace_id_pipeline_id" to table: "records"
CREATE INDEX `record_workspace_id_pipeline_id` ON `records` (`workspace_id`, `pipeline_id`);
-- Create index "record_workspace_id_contact_id" to table: "records"
CREATE INDEX `record_workspace_id_contact_id` ON `records` (`workspace_id`, `contact_id`);
-- Create index "record_workspace_id_company_id" to table: "records"
CREATE INDEX `record_workspace_id_company_id` ON `records` (`workspace_id`, `company_id`);
-- Create index "record_workspace_id_owner_id" to table: "records"
CREATE INDEX `record_workspace_id_owner_id` ON `records` (`workspace_id`, `owner_id`);
-- Create index "record_workspace_id_number" to table: "records"
CREATE UNIQUE INDEX `record_workspace_id_number` ON `records` (`workspace_id`, `number`);
-- Create index "record_workspace_id_updated_at_id" to table: "records"
CREATE INDEX `record_workspace_id_updated_at_id` ON `records` (`workspace_id`, `updated_at`, `id`);
-- Create index "record_with_participants" to table: "records"
CREATE INDEX `record_with_participants` ON `records` (`workspace_id`) WHERE participants IS NOT NULL;
-- Create index "record_workspace_id_external_id" to table: "records"
CREATE UNIQUE INDEX `record_workspace_id_external_id` ON `records` (`workspace_id`, `external_id`) WHERE deleted_at IS NULL;
-- Create "sessions" table
CREATE TABLE `sessions` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `token_hash` text NOT NULL,
  `kind` text NOT NULL,
  `idle_seconds` integer NOT NULL,
  `pipeline_ids` json NULL,
  `read_only` bool NOT NULL DEFAULT false,
  `role` text NULL,
  `ip` text NOT NULL DEFAULT '',
  `user_agent` text NOT NULL DEFAULT '',
  `created_at` datetime NOT NULL,
  `authenticated_at` datetime NOT NULL,
  `last_seen_at` datetime NOT NULL,
  `expires_at` datetime NOT NULL,
  `revoked_at` datetime NULL,
  `member_id` text NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`),
  CONSTRAINT `sessions_members_member` FOREIGN KEY (`workspace_id`, `member_id`) REFERENCES `members` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "sessions_token_hash_key" to table: "sessions"
CREATE UNIQUE INDEX `sessions_token_hash_key` ON `sessions` (`token_hash`);
-- Create index "session_workspace_id_member_id" to table: "sessions"
CREATE INDEX `session_workspace_id_member_id` ON `sessions` (`workspace_id`, `member_id`);
-- Create "stages" table
CREATE TABLE `stages` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_by` json NOT NULL,
  `updated_by` json NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `deleted_at` datetime NULL,
  `name` text NOT NULL,
  `name_key` text NOT NULL,
  `color` text NOT NULL,
  `position` integer NOT NULL,
  `default_probability` integer NULL,
  `kind` text NOT NULL DEFAULT 'OPEN',
  `stale_after_hours` integer NULL,
  `required_fields` json NULL,
  `pipeline_id` text NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`),
  CONSTRAINT `stages_pipelines_stages` FOREIGN KEY (`workspace_id`, `pipeline_id`) REFERENCES `pipelines` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "stage_workspace_id_pipeline_id_position" to table: "stages"
CREATE INDEX `stage_workspace_id_pipeline_id_position` ON `stages` (`workspace_id`, `pipeline_id`, `position`);
-- Create index "stage_workspace_id_pipeline_id_name_key" to table: "stages"
CREATE UNIQUE INDEX `stage_workspace_id_pipeline_id_name_key` ON `stages` (`workspace_id`, `pipeline_id`, `name_key`) WHERE deleted_at IS NULL;
-- Create "tasks" table
CREATE TABLE `tasks` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_by` json NOT NULL,
  `updated_by` json NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `deleted_at` datetime NULL,
  `number` integer NOT NULL,
  `title` text NOT NULL,
  `description` text NULL,
  `status` text NOT NULL DEFAULT 'OPEN',
  `priority` text NOT NULL DEFAULT 'MEDIUM',
  `due_at` datetime NULL,
  `due_all_day` bool NOT NULL DEFAULT false,
  `creator_id` text NULL,
  `completed_at` datetime NULL,
  `completion_cause` text NULL,
  `source` text NOT NULL,
  `search_text` text NOT NULL,
  `assignee_id` text NULL,
  `record_id` text NULL,
  `contact_id` text NULL,
  PRIMARY KEY (`workspace_id`, `id`),
  CONSTRAINT `tasks_contacts_contact` FOREIGN KEY (`workspace_id`, `contact_id`) REFERENCES `contacts` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT `tasks_records_record` FOREIGN KEY (`workspace_id`, `record_id`) REFERENCES `records` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT `tasks_members_assignee` FOREIGN KEY (`workspace_id`, `assignee_id`) REFERENCES `members` (`workspace_id`, `id`) ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "task_workspace_id_status_due_at_id" to table: "tasks"
CREATE INDEX `task_workspace_id_status_due_at_id` ON `tasks` (`workspace_id`, `status`, `due_at`, `id`);
-- Create index "task_workspace_id_record_id" to table: "tasks"
CREATE INDEX `task_workspace_id_record_id` ON `tasks` (`workspace_id`, `record_id`);
-- Create index "task_workspace_id_contact_id" to table: "tasks"
CREATE INDEX `task_workspace_id_contact_id` ON `tasks` (`workspace_id`, `contact_id`);
-- Create index "task_workspace_id_assignee_id" to table: "tasks"
CREATE INDEX `task_workspace_id_assignee_id` ON `tasks` (`workspace_id`, `assignee_id`);
-- Create index "task_workspace_id_number" to table: "tasks"
CREATE UNIQUE INDEX `task_workspace_id_number` ON `tasks` (`workspace_id`, `number`);
-- Create "teams" table
CREATE TABLE `teams` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `version` integer NOT NULL DEFAULT 1,
  `created_by` json NOT NULL,
  `updated_by` json NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `deleted_at` datetime NULL,
  `name` text NOT NULL,
  `lead_id` text NULL,
  `name_key` text NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create index "team_workspace_id_name_key" to table: "teams"
CREATE UNIQUE INDEX `team_workspace_id_name_key` ON `teams` (`workspace_id`, `name_key`) WHERE deleted_at IS NULL;
-- Create "workspaces" table
CREATE TABLE `workspaces` (
  `id` text NOT NULL,
  `partner_workspace_id` text NOT NULL,
  `name` text NOT NULL,
  `slug` text NOT NULL,
  `timezone` text NOT NULL DEFAULT 'UTC',
  `default_currency` text NOT NULL DEFAULT 'USD',
  `default_country` text NULL,
  `locale` text NOT NULL DEFAULT 'en',
  `week_start` integer NOT NULL DEFAULT 1,
  `business_hours` json NULL,
  `feature_flags` json NULL,
  `settings` json NULL,
  `eligibility` text NOT NULL DEFAULT 'ELIGIBLE',
  `partner_exists` bool NOT NULL DEFAULT true,
  `paused` bool NOT NULL DEFAULT false,
  `plan_code` text NULL,
  `plan_status` text NULL,
  `paid_through` datetime NULL,
  `trial_ends_at` datetime NULL,
  `owner_name` text NULL,
  `owner_email` text NULL,
  `checked_at` datetime NULL,
  `members_synced_at` datetime NULL,
  `revision` integer NOT NULL DEFAULT 0,
  `revised_at` datetime NULL,
  `log_floor` integer NOT NULL DEFAULT 0,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create index "workspaces_partner_workspace_id_key" to table: "workspaces"
CREATE UNIQUE INDEX `workspaces_partner_workspace_id_key` ON `workspaces` (`partner_workspace_id`);
-- Create "changes" table
CREATE TABLE `changes` (
  `workspace_id` text NOT NULL,
  `revision` integer NOT NULL,
  `ordinal` integer NOT NULL,
  `at` datetime NOT NULL,
  `actor` json NOT NULL,
  `source` text NOT NULL,
  `kind` text NOT NULL,
  `entity` text NOT NULL,
  `entity_id` text NOT NULL,
  `pipeline_id` text NULL,
  `before` json NULL,
  `after` json NULL,
  `changed` json NULL,
  `client_mutation_id` text NULL,
  `batch_id` text NULL,
  PRIMARY KEY (`workspace_id`, `revision`, `ordinal`)
);
-- Create index "change_workspace_id_entity_id_revision" to table: "changes"
CREATE INDEX `change_workspace_id_entity_id_revision` ON `changes` (`workspace_id`, `entity_id`, `revision`);
-- Create "counters" table
CREATE TABLE `counters` (
  `workspace_id` text NOT NULL,
  `name` text NOT NULL,
  `value` integer NOT NULL,
  PRIMARY KEY (`workspace_id`, `name`)
);
-- Create "login_codes" table
CREATE TABLE `login_codes` (
  `tenant` text NOT NULL,
  `id` text NOT NULL,
  `email` text NOT NULL,
  `code_mac` blob NOT NULL,
  `created_at` datetime NOT NULL,
  `expires_at` datetime NOT NULL,
  `tries` integer NOT NULL,
  `ended_at` datetime NULL,
  PRIMARY KEY (`tenant`, `id`)
);
-- Create index "login_code_tenant_email" to table: "login_codes"
CREATE INDEX `login_code_tenant_email` ON `login_codes` (`tenant`, `email`, `created_at`);
-- Create "limits" table
CREATE TABLE `limits` (
  `name` text NOT NULL,
  `subject` text NOT NULL,
  `uses` json NOT NULL,
  `expires_at` datetime NOT NULL,
  PRIMARY KEY (`name`, `subject`)
);
-- Create "embed_tokens" table
CREATE TABLE `embed_tokens` (
  `tenant` text NOT NULL,
  `jti_hash` text NOT NULL,
  `expires_at` datetime NOT NULL,
  PRIMARY KEY (`tenant`, `jti_hash`)
);
-- Create "secrets" table
CREATE TABLE `secrets` (
  `workspace_id` text NOT NULL,
  `name` text NOT NULL,
  `sealed` blob NOT NULL,
  `last4` text NOT NULL,
  `set_at` datetime NOT NULL,
  `set_by` json NOT NULL,
  `checked_at` datetime NULL,
  `check_result` text NULL,
  PRIMARY KEY (`workspace_id`, `name`)
);
-- Create "audit_log" table
CREATE TABLE `audit_log` (
  `workspace_id` text NOT NULL,
  `id` text NOT NULL,
  `at` datetime NOT NULL,
  `actor` json NOT NULL,
  `ip` text NOT NULL,
  `action` text NOT NULL,
  `target` text NULL,
  `details` json NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create "jobs" table
CREATE TABLE `jobs` (
  `workspace_id` text NOT NULL,
  `id` text NOT NULL,
  `kind` text NOT NULL,
  `state` text NOT NULL,
  `requested_by` json NOT NULL,
  `input` json NOT NULL,
  `done` integer NOT NULL,
  `total` integer NULL,
  `result` json NULL,
  `error` text NULL,
  `created_at` datetime NOT NULL,
  `started_at` datetime NULL,
  `ended_at` datetime NULL,
  `cancel_requested_at` datetime NULL,
  `lease_until` datetime NULL,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create index "job_state" to table: "jobs"
CREATE INDEX `job_state` ON `jobs` (`state`, `created_at`);
-- Create "presence" table
CREATE TABLE `presence` (
  `workspace_id` text NOT NULL,
  `member_id` text NOT NULL,
  `process` text NOT NULL,
  `sockets` integer NOT NULL,
  `boards` text NOT NULL,
  `seen_at` datetime NOT NULL,
  PRIMARY KEY (`workspace_id`, `member_id`, `process`)
);
-- Create "preferences" table
CREATE TABLE `preferences` (
  `workspace_id` text NOT NULL,
  `member_id` text NOT NULL,
  `document` json NOT NULL,
  `updated_at` datetime NOT NULL,
  PRIMARY KEY (`workspace_id`, `member_id`)
);
-- Create "idempotency" table
CREATE TABLE `idempotency` (
  `workspace_id` text NOT NULL,
  `actor` text NOT NULL,
  `key` text NOT NULL,
  `digest` text NOT NULL,
  `revision` integer NOT NULL,
  `result` blob NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`workspace_id`, `actor`, `key`)
);
-- Create index "idempotency_age" to table: "idempotency"
CREATE INDEX `idempotency_age` ON `idempotency` (`created_at`);
-- Create "mails" table
CREATE TABLE `mails` (
  `tenant` text NOT NULL,
  `id` text NOT NULL,
  `kind` text NOT NULL,
  `recipient` text NOT NULL,
  `sealed` blob NOT NULL,
  `state` text NOT NULL,
  `tries` integer NOT NULL,
  `created_at` datetime NOT NULL,
  `next_at` datetime NOT NULL,
  `expires_at` datetime NULL,
  `lease_until` datetime NULL,
  `sent_at` datetime NULL,
  `last_error` text NULL,
  PRIMARY KEY (`tenant`, `id`)
);
-- Create index "mail_state_next_at" to table: "mails"
CREATE INDEX `mail_state_next_at` ON `mails` (`state`, `next_at`);
-- Create index "mail_id" to table: "mails"
CREATE UNIQUE INDEX `mail_id` ON `mails` (`id`);
-- Create "stage_spans" table
CREATE TABLE `stage_spans` (
  `workspace_id` text NOT NULL,
  `id` text NOT NULL,
  `record_id` text NOT NULL,
  `pipeline_id` text NOT NULL,
  `stage_id` text NOT NULL,
  `from_stage_id` text NULL,
  `entered_at` integer NOT NULL,
  `left_at` integer NULL,
  `cause` text NOT NULL,
  `actor` json NOT NULL,
  `value_at_entry` integer NULL,
  `currency` text NOT NULL,
  `probability_at_entry` integer NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create index "stage_span_record" to table: "stage_spans"
CREATE INDEX `stage_span_record` ON `stage_spans` (`workspace_id`, `record_id`, `entered_at`);
-- Create index "stage_span_open" to table: "stage_spans"
CREATE UNIQUE INDEX `stage_span_open` ON `stage_spans` (`workspace_id`, `record_id`) WHERE left_at IS NULL;
-- Create index "stage_span_pipeline" to table: "stage_spans"
CREATE INDEX `stage_span_pipeline` ON `stage_spans` (`workspace_id`, `pipeline_id`, `entered_at`);
-- Create index "stage_span_stage" to table: "stage_spans"
CREATE INDEX `stage_span_stage` ON `stage_spans` (`workspace_id`, `stage_id`);
-- Create "owner_spans" table
CREATE TABLE `owner_spans` (
  `workspace_id` text NOT NULL,
  `id` text NOT NULL,
  `record_id` text NOT NULL,
  `owner_id` text NULL,
  `from_owner_id` text NULL,
  `started_at` integer NOT NULL,
  `ended_at` integer NULL,
  `reason` text NULL,
  `changed_by` json NOT NULL,
  `note` text NULL,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create index "owner_span_record" to table: "owner_spans"
CREATE INDEX `owner_span_record` ON `owner_spans` (`workspace_id`, `record_id`, `started_at`);
-- Create index "owner_span_open" to table: "owner_spans"
CREATE UNIQUE INDEX `owner_span_open` ON `owner_spans` (`workspace_id`, `record_id`) WHERE ended_at IS NULL;
-- Create index "owner_span_owner" to table: "owner_spans"
CREATE INDEX `owner_span_owner` ON `owner_spans` (`workspace_id`, `owner_id`, `started_at`);
-- Create "targets" table
CREATE TABLE `targets` (
  `workspace_id` text NOT NULL,
  `id` text NOT NULL,
  `scope` text NOT NULL,
  `unit` text NOT NULL,
  `start` text NOT NULL,
  `currency` text NOT NULL,
  `amount` integer NOT NULL,
  `updated_by` json NOT NULL,
  `updated_at` datetime NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create index "target_period" to table: "targets"
CREATE UNIQUE INDEX `target_period` ON `targets` (`workspace_id`, `scope`, `unit`, `start`, `currency`);
-- Create "saved_views" table
CREATE TABLE `saved_views` (
  `workspace_id` text NOT NULL,
  `id` text NOT NULL,
  `owner_id` text NOT NULL,
  `name` text NOT NULL,
  `sort_name` text NOT NULL,
  `pipeline_id` text NULL,
  `view` text NOT NULL,
  `filter` json NULL,
  `sort` json NOT NULL,
  `columns` json NOT NULL,
  `is_shared` bool NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `version` integer NOT NULL,
  PRIMARY KEY (`workspace_id`, `id`)
);
-- Create index "saved_view_owner" to table: "saved_views"
CREATE INDEX `saved_view_owner` ON `saved_views` (`workspace_id`, `owner_id`);
-- Create "rotations" table
CREATE TABLE `rotations` (
  `workspace_id` text NOT NULL,
  `name` text NOT NULL,
  `member_id` text NOT NULL,
  `updated_at` datetime NOT NULL,
  PRIMARY KEY (`workspace_id`, `name`)
);
-- Create "daily_runs" table
CREATE TABLE `daily_runs` (
  `workspace_id` text NOT NULL,
  `name` text NOT NULL,
  `day` text NOT NULL,
  `updated_at` datetime NOT NULL,
  PRIMARY KEY (`workspace_id`, `name`)
);
-- Create "batches" table
CREATE TABLE `batches` (
  `workspace_id` text NOT NULL,
  `job_id` text NOT NULL,
  `chunk` integer NOT NULL,
  `ids` json NOT NULL,
  PRIMARY KEY (`workspace_id`, `job_id`, `chunk`)
);
-- Create "contact_keys" table
CREATE TABLE `contact_keys` (
  `workspace_id` text NOT NULL,
  `kind` text NOT NULL,
  `key` text NOT NULL,
  `contact_id` text NOT NULL,
  PRIMARY KEY (`workspace_id`, `kind`, `key`, `contact_id`)
);
-- Create index "contact_key_contact_id" to table: "contact_keys"
CREATE INDEX `contact_key_contact_id` ON `contact_keys` (`workspace_id`, `contact_id`);
