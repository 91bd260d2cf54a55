-- Create "secrets" table
CREATE TABLE "secrets" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "sealed" bytea NOT NULL,
  "last4" character varying NOT NULL COLLATE "C",
  "set_at" timestamptz NOT NULL,
  "set_by" json NOT NULL,
  "checked_at" timestamptz NULL,
  "check_result" character varying NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "name")
);
-- Create "rotations" table
CREATE TABLE "rotations" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "member_id" character varying NOT NULL COLLATE "C",
  "updated_at" timestamptz NOT NULL,
  PRIMARY KEY ("workspace_id", "name")
);
-- Create "batches" table
CREATE TABLE "batches" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "job_id" character varying NOT NULL COLLATE "C",
  "chunk" bigint NOT NULL,
  "ids" json NOT NULL,
  PRIMARY KEY ("workspace_id", "job_id", "chunk")
);
-- Create "changes" table
CREATE TABLE "changes" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "revision" bigint NOT NULL,
  "ordinal" integer NOT NULL,
  "at" timestamptz NOT NULL,
  "actor" json NOT NULL,
  "source" character varying NOT NULL COLLATE "C",
  "kind" character varying NOT NULL COLLATE "C",
  "entity" character varying NOT NULL COLLATE "C",
  "entity_id" character varying NOT NULL COLLATE "C",
  "pipeline_id" character varying NULL COLLATE "C",
  "before" json NULL,
  "after" json NULL,
  "changed" json NULL,
  "client_mutation_id" character varying NULL COLLATE "C",
  "batch_id" character varying NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "revision", "ordinal")
);
-- Create index "change_workspace_id_entity_id_revision" to table: "changes"
CREATE INDEX "change_workspace_id_entity_id_revision" ON "changes" ("workspace_id", "entity_id", "revision");
-- Create "workspaces" table
CREATE TABLE "workspaces" (
  "id" character varying NOT NULL COLLATE "C",
  "partner_workspace_id" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "slug" character varying NOT NULL COLLATE "C",
  "timezone" character varying NOT NULL DEFAULT 'UTC' COLLATE "C",
  "default_currency" character varying NOT NULL DEFAULT 'USD' COLLATE "C",
  "default_country" character varying NULL COLLATE "C",
  "locale" character varying NOT NULL DEFAULT 'en' COLLATE "C",
  "week_start" bigint NOT NULL DEFAULT 1,
  "business_hours" jsonb NULL,
  "feature_flags" jsonb NULL,
  "settings" jsonb NULL,
  "eligibility" character varying NOT NULL DEFAULT 'ELIGIBLE' COLLATE "C",
  "partner_exists" boolean NOT NULL DEFAULT true,
  "paused" boolean NOT NULL DEFAULT false,
  "plan_code" character varying NULL COLLATE "C",
  "plan_status" character varying NULL COLLATE "C",
  "paid_through" timestamptz NULL,
  "trial_ends_at" timestamptz NULL,
  "owner_name" character varying NULL COLLATE "C",
  "owner_email" character varying NULL COLLATE "C",
  "checked_at" timestamptz NULL,
  "members_synced_at" timestamptz NULL,
  "revision" bigint NOT NULL DEFAULT 0,
  "revised_at" timestamptz NULL,
  "log_floor" bigint NOT NULL DEFAULT 0,
  "created_at" timestamptz NOT NULL,
  PRIMARY KEY ("id")
);
-- Create index "workspaces_partner_workspace_id_key" to table: "workspaces"
CREATE UNIQUE INDEX "workspaces_partner_workspace_id_key" ON "workspaces" ("partner_workspace_id");
-- Create "contact_keys" table
CREATE TABLE "contact_keys" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "kind" character varying NOT NULL COLLATE "C",
  "key" character varying NOT NULL COLLATE "C",
  "contact_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "kind", "key", "contact_id")
);
-- Create index "contact_key_contact_id" to table: "contact_keys"
CREATE INDEX "contact_key_contact_id" ON "contact_keys" ("workspace_id", "contact_id");
-- Create "teams" table
CREATE TABLE "teams" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "created_by" jsonb NOT NULL,
  "updated_by" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "deleted_at" timestamptz NULL,
  "name" character varying NOT NULL COLLATE "C",
  "lead_id" character varying NULL COLLATE "C",
  "name_key" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id")
);
-- Create index "team_workspace_id_name_key" to table: "teams"
CREATE UNIQUE INDEX "team_workspace_id_name_key" ON "teams" ("workspace_id", "name_key") WHERE (deleted_at IS NULL);
-- Create "counters" table
CREATE TABLE "counters" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "value" bigint NOT NULL,
  PRIMARY KEY ("workspace_id", "name")
);
-- Create "targets" table
CREATE TABLE "targets" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "id" character varying NOT NULL COLLATE "C",
  "scope" character varying NOT NULL COLLATE "C",
  "unit" character varying NOT NULL COLLATE "C",
  "start" character varying NOT NULL COLLATE "C",
  "currency" character varying NOT NULL COLLATE "C",
  "amount" bigint NOT NULL,
  "updated_by" json NOT NULL,
  "updated_at" timestamptz NOT NULL,
  PRIMARY KEY ("workspace_id", "id")
);
-- Create index "target_period" to table: "targets"
CREATE UNIQUE INDEX "target_period" ON "targets" ("workspace_id", "scope", "unit", "start", "currency");
-- Create "embed_tokens" table
CREATE TABLE "embed_tokens" (
  "tenant" character varying NOT NULL COLLATE "C",
  "jti_hash" character varying NOT NULL COLLATE "C",
  "expires_at" timestamptz NOT NULL,
  PRIMARY KEY ("tenant", "jti_hash")
);
-- Create "idempotency" table
CREATE TABLE "idempotency" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "actor" character varying NOT NULL COLLATE "C",
  "key" character varying NOT NULL COLLATE "C",
  "digest" character varying NOT NULL COLLATE "C",
  "revision" bigint NOT NULL,
  "result" bytea NULL,
  "created_at" timestamptz NOT NULL,
  PRIMARY KEY ("workspace_id", "actor", "key")
);
-- Create index "idempotency_age" to table: "idempotency"
CREATE INDEX "idempotency_age" ON "idempotency" ("created_at");
-- Create "invitations" table
CREATE TABLE "invitations" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "email" character varying NOT NULL COLLATE "C",
  "role" character varying NOT NULL COLLATE "C",
  "team_ids" jsonb NULL,
  "state" character varying NOT NULL DEFAULT 'PENDING' COLLATE "C",
  "token_hash" character varying NOT NULL COLLATE "C",
  "expires_at" timestamptz NOT NULL,
  "invited_by" jsonb NOT NULL,
  "member_id" character varying NULL COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  PRIMARY KEY ("workspace_id", "id")
);
-- Create index "invitation_one_pending" to table: "invitations"
CREATE UNIQUE INDEX "invitation_one_pending" ON "invitations" ("workspace_id", "email") WHERE ((state)::text = 'PENDING'::text);
-- Create index "invitation_workspace_id_created_at_id" to table: "invitations"
CREATE INDEX "invitation_workspace_id_created_at_id" ON "invitations" ("workspace_id", "created_at", "id");
-- Create index "invitations_token_hash_key" to table: "invitations"
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations" ("token_hash");
-- Create "jobs" table
CREATE TABLE "jobs" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "id" character varying NOT NULL COLLATE "C",
  "kind" character varying NOT NULL COLLATE "C",
  "state" character varying NOT NULL COLLATE "C",
  "requested_by" json NOT NULL,
  "input" json NOT NULL,
  "done" bigint NOT NULL,
  "total" bigint NULL,
  "result" json NULL,
  "error" character varying NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "started_at" timestamptz NULL,
  "ended_at" timestamptz NULL,
  "cancel_requested_at" timestamptz NULL,
  "lease_until" timestamptz NULL,
  PRIMARY KEY ("workspace_id", "id")
);
-- Create index "job_state" to table: "jobs"
CREATE INDEX "job_state" ON "jobs" ("state", "created_at");
-- Create "limits" table
CREATE TABLE "limits" (
  "name" character varying NOT NULL COLLATE "C",
  "subject" character varying NOT NULL COLLATE "C",
  "uses" json NOT NULL,
  "expires_at" timestamptz NOT NULL,
  PRIMARY KEY ("name", "subject")
);
-- Create "audit_log" table
CREATE TABLE "audit_log" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "id" character varying NOT NULL COLLATE "C",
  "at" timestamptz NOT NULL,
  "actor" json NOT NULL,
  "ip" character varying NOT NULL COLLATE "C",
  "action" character varying NOT NULL COLLATE "C",
  "target" character varying NULL COLLATE "C",
  "details" json NOT NULL,
  PRIMARY KEY ("workspace_id", "id")
);
-- Create "owner_spans" table
CREATE TABLE "owner_spans" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "id" character varying NOT NULL COLLATE "C",
  "record_id" character varying NOT NULL COLLATE "C",
  "owner_id" character varying NULL COLLATE "C",
  "from_owner_id" character varying NULL COLLATE "C",
  "started_at" bigint NOT NULL,
  "ended_at" bigint NULL,
  "reason" character varying NULL COLLATE "C",
  "changed_by" json NOT NULL,
  "note" character varying NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id")
);
-- Create index "owner_span_open" to table: "owner_spans"
CREATE UNIQUE INDEX "owner_span_open" ON "owner_spans" ("workspace_id", "record_id") WHERE (ended_at IS NULL);
-- Create index "owner_span_owner" to table: "owner_spans"
CREATE INDEX "owner_span_owner" ON "owner_spans" ("workspace_id", "owner_id", "started_at");
-- Create index "owner_span_record" to table: "owner_spans"
CREATE INDEX "owner_span_record" ON "owner_spans" ("workspace_id", "record_id", "started_at");
-- Create "daily_runs" table
CREATE TABLE "daily_runs" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "day" character varying NOT NULL COLLATE "C",
  "updated_at" timestamptz NOT NULL,
  PRIMARY KEY ("workspace_id", "name")
);
-- Create "mails" table
CREATE TABLE "mails" (
  "tenant" character varying NOT NULL COLLATE "C",
  "id" character varying NOT NULL COLLATE "C",
  "kind" character varying NOT NULL COLLATE "C",
  "recipient" character varying NOT NULL COLLATE "C",
  "sealed" bytea NOT NULL,
  "state" character varying NOT NULL COLLATE "C",
  "tries" integer NOT NULL,
  "created_at" timestamptz NOT NULL,
  "next_at" timestamptz NOT NULL,
  "expires_at" timestamptz NULL,
  "lease_until" timestamptz NULL,
  "sent_at" timestamptz NULL,
  "last_error" character varying NULL COLLATE "C",
  PRIMARY KEY ("tenant", "id")
);
-- Create index "mail_id" to table: "mails"
CREATE UNIQUE INDEX "mail_id" ON "mails" ("id");
-- Create index "mail_state_next_at" to table: "mails"
CREATE INDEX "mail_state_next_at" ON "mails" ("state", "next_at");
-- Create "stage_spans" table
CREATE TABLE "stage_spans" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "id" character varying NOT NULL COLLATE "C",
  "record_id" character varying NOT NULL COLLATE "C",
  "pipeline_id" character varying NOT NULL COLLATE "C",
  "stage_id" character varying NOT NULL COLLATE "C",
  "from_stage_id" character varying NULL COLLATE "C",
  "entered_at" bigint NOT NULL,
  "left_at" bigint NULL,
  "cause" character varying NOT NULL COLLATE "C",
  "actor" json NOT NULL,
  "value_at_entry" bigint NULL,
  "currency" character varying NOT NULL COLLATE "C",
  "probability_at_entry" bigint NOT NULL,
  PRIMARY KEY ("workspace_id", "id")
);
-- Create index "stage_span_open" to table: "stage_spans"
CREATE UNIQUE INDEX "stage_span_open" ON "stage_spans" ("workspace_id", "record_id") WHERE (left_at IS NULL);
-- Create index "stage_span_pipeline" to table: "stage_spans"
CREATE INDEX "stage_span_pipeline" ON "stage_spans" ("workspace_id", "pipeline_id", "entered_at");
-- Create index "stage_span_record" to table: "stage_spans"
CREATE INDEX "stage_span_record" ON "stage_spans" ("workspace_id", "record_id", "entered_at");
-- Create index "stage_span_stage" to table: "stage_spans"
CREATE INDEX "stage_span_stage" ON "stage_spans" ("workspace_id", "stage_id");
-- Create "preferences" table
CREATE TABLE "preferences" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "member_id" character varying NOT NULL COLLATE "C",
  "document" json NOT NULL,
  "updated_at" timestamptz NOT NULL,
  PRIMARY KEY ("workspace_id", "member_id")
);
-- Create "presence" table
CREATE TABLE "presence" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "member_id" character varying NOT NULL COLLATE "C",
  "process" character varying NOT NULL COLLATE "C",
  "sockets" bigint NOT NULL,
  "boards" character varying NOT NULL COLLATE "C",
  "seen_at" timestamptz NOT NULL,
  PRIMARY KEY ("workspace_id", "member_id", "process")
);
-- Create "api_keys" table
CREATE TABLE "api_keys" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "key_hash" character varying NOT NULL COLLATE "C",
  "key_prefix" character varying NOT NULL COLLATE "C",
  "scopes" jsonb NOT NULL,
  "pipeline_ids" jsonb NULL,
  "created_by" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "expires_at" timestamptz NULL,
  "revoked_at" timestamptz NULL,
  "previous_key_hash" character varying NULL COLLATE "C",
  "previous_expires_at" timestamptz NULL,
  "last_used_at" timestamptz NULL,
  "use_count" bigint NOT NULL DEFAULT 0,
  PRIMARY KEY ("workspace_id", "id")
);
-- Create index "api_keys_key_hash_key" to table: "api_keys"
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys" ("key_hash");
-- Create index "api_keys_previous_key_hash_key" to table: "api_keys"
CREATE UNIQUE INDEX "api_keys_previous_key_hash_key" ON "api_keys" ("previous_key_hash");
-- Create index "apikey_workspace_id_created_at" to table: "api_keys"
CREATE INDEX "apikey_workspace_id_created_at" ON "api_keys" ("workspace_id", "created_at");
-- Create "login_codes" table
CREATE TABLE "login_codes" (
  "tenant" character varying NOT NULL COLLATE "C",
  "id" character varying NOT NULL COLLATE "C",
  "email" character varying NOT NULL COLLATE "C",
  "code_mac" bytea NOT NULL,
  "created_at" timestamptz NOT NULL,
  "expires_at" timestamptz NOT NULL,
  "tries" bigint NOT NULL,
  "ended_at" timestamptz NULL,
  PRIMARY KEY ("tenant", "id")
);
-- Create index "login_code_tenant_email" to table: "login_codes"
CREATE INDEX "login_code_tenant_email" ON "login_codes" ("tenant", "email", "created_at");
-- Create "saved_views" table
CREATE TABLE "saved_views" (
  "workspace_id" character varying NOT NULL COLLATE "C",
  "id" character varying NOT NULL COLLATE "C",
  "owner_id" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "sort_name" character varying NOT NULL COLLATE "C",
  "pipeline_id" character varying NULL COLLATE "C",
  "view" character varying NOT NULL COLLATE "C",
  "filter" json NULL,
  "sort" json NOT NULL,
  "columns" json NOT NULL,
  "is_shared" boolean NOT NULL,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "version" bigint NOT NULL,
  PRIMARY KEY ("workspace_id", "id")
);
-- Create index "saved_view_owner" to table: "saved_views"
CREATE INDEX "saved_view_owner" ON "saved_views" ("workspace_id", "owner_id");
-- Create "members" table
CREATE TABLE "members" (
  "id" character varying NOT NULL COLLATE "C",
  "partner_member_id" character varying NULL COLLATE "C",
  "origin" character varying NOT NULL DEFAULT 'PARTNER' COLLATE "C",
  "first_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "last_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "email" character varying NOT NULL COLLATE "C",
  "avatar_url" character varying NULL COLLATE "C",
  "role" character varying NOT NULL COLLATE "C",
  "permissions" jsonb NULL,
  "is_active" boolean NOT NULL DEFAULT true,
  "team_ids" jsonb NULL,
  "availability" jsonb NULL,
  "login_schedule" jsonb NULL,
  "timezone" character varying NULL COLLATE "C",
  "language" character varying NULL COLLATE "C",
  "last_seen_at" timestamptz NULL,
  "synced_at" timestamptz NULL,
  "version" bigint NOT NULL DEFAULT 1,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "search_text" text NOT NULL COLLATE "C",
  "sort_name" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id"),
  CONSTRAINT "members_workspaces_members" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "member_one_owner" to table: "members"
CREATE UNIQUE INDEX "member_one_owner" ON "members" ("workspace_id", "role") WHERE ((role)::text = 'OWNER'::text);
-- Create index "member_workspace_id_email" to table: "members"
CREATE UNIQUE INDEX "member_workspace_id_email" ON "members" ("workspace_id", "email");
-- Create index "member_workspace_id_partner_member_id" to table: "members"
CREATE UNIQUE INDEX "member_workspace_id_partner_member_id" ON "members" ("workspace_id", "partner_member_id");
-- Create index "member_workspace_id_sort_name_id" to table: "members"
CREATE INDEX "member_workspace_id_sort_name_id" ON "members" ("workspace_id", "sort_name", "id");
-- Create "companies" table
CREATE TABLE "companies" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "created_by" jsonb NOT NULL,
  "updated_by" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "deleted_at" timestamptz NULL,
  "name" character varying NOT NULL COLLATE "C",
  "domain" character varying NULL COLLATE "C",
  "website" character varying NULL COLLATE "C",
  "industry" character varying NULL COLLATE "C",
  "description" character varying NULL COLLATE "C",
  "phones" jsonb NULL,
  "emails" jsonb NULL,
  "external_id" character varying NULL COLLATE "C",
  "tags" jsonb NULL,
  "custom_fields" jsonb NULL,
  "source" character varying NOT NULL COLLATE "C",
  "search_text" text NOT NULL COLLATE "C",
  "sort_name" character varying NOT NULL COLLATE "C",
  "owner_id" character varying NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id"),
  CONSTRAINT "companies_members_owner" FOREIGN KEY ("workspace_id", "owner_id") REFERENCES "members" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "company_workspace_id_created_at_id" to table: "companies"
CREATE INDEX "company_workspace_id_created_at_id" ON "companies" ("workspace_id", "created_at", "id");
-- Create index "company_workspace_id_domain" to table: "companies"
CREATE INDEX "company_workspace_id_domain" ON "companies" ("workspace_id", "domain");
-- Create index "company_workspace_id_external_id" to table: "companies"
CREATE UNIQUE INDEX "company_workspace_id_external_id" ON "companies" ("workspace_id", "external_id") WHERE (deleted_at IS NULL);
-- Create index "company_workspace_id_sort_name_id" to table: "companies"
CREATE INDEX "company_workspace_id_sort_name_id" ON "companies" ("workspace_id", "sort_name", "id");
-- Create "contacts" table
CREATE TABLE "contacts" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "created_by" jsonb NOT NULL,
  "updated_by" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "deleted_at" timestamptz NULL,
  "number" bigint NOT NULL,
  "first_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "last_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "emails" jsonb NULL,
  "phones" jsonb NULL,
  "job_title" character varying NULL COLLATE "C",
  "company_name" character varying NULL COLLATE "C",
  "description" character varying NULL COLLATE "C",
  "user_ns" character varying NULL COLLATE "C",
  "tags" jsonb NULL,
  "external_id" character varying NULL COLLATE "C",
  "source" character varying NOT NULL COLLATE "C",
  "search_text" text NOT NULL COLLATE "C",
  "sort_name" character varying NOT NULL COLLATE "C",
  "company_name_folded" text NULL COLLATE "C",
  "owner_id" character varying NULL COLLATE "C",
  "company_id" character varying NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id"),
  CONSTRAINT "contacts_companies_company" FOREIGN KEY ("workspace_id", "company_id") REFERENCES "companies" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "contacts_members_owner" FOREIGN KEY ("workspace_id", "owner_id") REFERENCES "members" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "contact_workspace_id_company_id" to table: "contacts"
CREATE INDEX "contact_workspace_id_company_id" ON "contacts" ("workspace_id", "company_id");
-- Create index "contact_workspace_id_created_at_id" to table: "contacts"
CREATE INDEX "contact_workspace_id_created_at_id" ON "contacts" ("workspace_id", "created_at", "id");
-- Create index "contact_workspace_id_external_id" to table: "contacts"
CREATE UNIQUE INDEX "contact_workspace_id_external_id" ON "contacts" ("workspace_id", "external_id") WHERE (deleted_at IS NULL);
-- Create index "contact_workspace_id_number" to table: "contacts"
CREATE UNIQUE INDEX "contact_workspace_id_number" ON "contacts" ("workspace_id", "number");
-- Create index "contact_workspace_id_sort_name_id" to table: "contacts"
CREATE INDEX "contact_workspace_id_sort_name_id" ON "contacts" ("workspace_id", "sort_name", "id");
-- Create index "contact_workspace_id_user_ns" to table: "contacts"
CREATE UNIQUE INDEX "contact_workspace_id_user_ns" ON "contacts" ("workspace_id", "user_ns") WHERE (deleted_at IS NULL);
-- Create "pipelines" table
CREATE TABLE "pipelines" (
  "id" character varying NOT NULL COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "created_by" jsonb NOT NULL,
  "updated_by" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "deleted_at" timestamptz NULL,
  "name" character varying NOT NULL COLLATE "C",
  "name_key" character varying NOT NULL COLLATE "C",
  "description" character varying NULL COLLATE "C",
  "category" character varying NOT NULL DEFAULT 'CUSTOM' COLLATE "C",
  "record_type" character varying NOT NULL DEFAULT 'DEAL' COLLATE "C",
  "position" bigint NOT NULL,
  "is_default" boolean NOT NULL DEFAULT false,
  "template_key" character varying NULL COLLATE "C",
  "stale_after_hours" bigint NULL,
  "require_lost_reason" boolean NOT NULL DEFAULT false,
  "workspace_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id"),
  CONSTRAINT "pipelines_workspaces_pipelines" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "pipeline_one_default" to table: "pipelines"
CREATE UNIQUE INDEX "pipeline_one_default" ON "pipelines" ("workspace_id", "is_default") WHERE (is_default AND (deleted_at IS NULL));
-- Create index "pipeline_workspace_id_name_key" to table: "pipelines"
CREATE UNIQUE INDEX "pipeline_workspace_id_name_key" ON "pipelines" ("workspace_id", "name_key") WHERE (deleted_at IS NULL);
-- Create index "pipeline_workspace_id_position" to table: "pipelines"
CREATE INDEX "pipeline_workspace_id_position" ON "pipelines" ("workspace_id", "position");
-- Create "stages" table
CREATE TABLE "stages" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "created_by" jsonb NOT NULL,
  "updated_by" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "deleted_at" timestamptz NULL,
  "name" character varying NOT NULL COLLATE "C",
  "name_key" character varying NOT NULL COLLATE "C",
  "color" character varying NOT NULL COLLATE "C",
  "position" bigint NOT NULL,
  "default_probability" bigint NULL,
  "kind" character varying NOT NULL DEFAULT 'OPEN' COLLATE "C",
  "stale_after_hours" bigint NULL,
  "required_fields" jsonb NULL,
  "pipeline_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id"),
  CONSTRAINT "stages_pipelines_stages" FOREIGN KEY ("workspace_id", "pipeline_id") REFERENCES "pipelines" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "stage_workspace_id_pipeline_id_name_key" to table: "stages"
CREATE UNIQUE INDEX "stage_workspace_id_pipeline_id_name_key" ON "stages" ("workspace_id", "pipeline_id", "name_key") WHERE (deleted_at IS NULL);
-- Create index "stage_workspace_id_pipeline_id_position" to table: "stages"
CREATE INDEX "stage_workspace_id_pipeline_id_position" ON "stages" ("workspace_id", "pipeline_id", "position");
-- Create "records" table
CREATE TABLE "records" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "created_by" jsonb NOT NULL,
  "updated_by" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "deleted_at" timestamptz NULL,
  "number" bigint NOT NULL,
  "rank" character varying NOT NULL COLLATE "C",
  "title" character varying NOT NULL COLLATE "C",
  "description" character varying NULL COLLATE "C",
  "value" bigint NULL,
  "currency" character varying NOT NULL COLLATE "C",
  "probability" bigint NOT NULL,
  "probability_source" character varying NOT NULL COLLATE "C",
  "status" character varying NOT NULL COLLATE "C",
  "priority" character varying NOT NULL DEFAULT 'MEDIUM' COLLATE "C",
  "contact_name" character varying NULL COLLATE "C",
  "contact_email" character varying NULL COLLATE "C",
  "contact_phone" character varying NULL COLLATE "C",
  "company_name" character varying NULL COLLATE "C",
  "participants" jsonb NULL,
  "line_items" jsonb NULL,
  "value_from_items" boolean NOT NULL DEFAULT false,
  "links" jsonb NULL,
  "expected_close_date" character varying NULL COLLATE "C",
  "stage_entered_at" timestamptz NOT NULL,
  "closed_at" timestamptz NULL,
  "won_at" timestamptz NULL,
  "lost_at" timestamptz NULL,
  "last_activity_at" timestamptz NOT NULL,
  "last_reassigned_at" timestamptz NULL,
  "open_task_count" bigint NOT NULL DEFAULT 0,
  "next_due_at" timestamptz NULL,
  "lost_reason" character varying NULL COLLATE "C",
  "lost_reason_key" character varying NULL COLLATE "C",
  "source" character varying NOT NULL COLLATE "C",
  "source_detail" character varying NULL COLLATE "C",
  "copied_from_id" character varying NULL COLLATE "C",
  "channel" character varying NULL COLLATE "C",
  "chat_url" character varying NULL COLLATE "C",
  "user_ns" character varying NULL COLLATE "C",
  "tags" jsonb NULL,
  "custom_fields" jsonb NULL,
  "external_id" character varying NULL COLLATE "C",
  "search_text" text NOT NULL COLLATE "C",
  "tag_keys" text NOT NULL COLLATE "C",
  "title_folded" text NOT NULL COLLATE "C",
  "company_name_folded" text NULL COLLATE "C",
  "contact_name_folded" text NULL COLLATE "C",
  "lost_reason_folded" text NULL COLLATE "C",
  "source_detail_folded" text NULL COLLATE "C",
  "custom_index" jsonb NULL,
  "pipeline_id" character varying NOT NULL COLLATE "C",
  "owner_id" character varying NULL COLLATE "C",
  "contact_id" character varying NULL COLLATE "C",
  "company_id" character varying NULL COLLATE "C",
  "stage_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id"),
  CONSTRAINT "records_companies_company" FOREIGN KEY ("workspace_id", "company_id") REFERENCES "companies" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "records_contacts_contact" FOREIGN KEY ("workspace_id", "contact_id") REFERENCES "contacts" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "records_members_owner" FOREIGN KEY ("workspace_id", "owner_id") REFERENCES "members" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "records_pipelines_records" FOREIGN KEY ("workspace_id", "pipeline_id") REFERENCES "pipelines" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "records_stages_records" FOREIGN KEY ("workspace_id", "stage_id") REFERENCES "stages" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "record_with_participants" to table: "records"
CREATE INDEX "record_with_participants" ON "records" ("workspace_id") WHERE (participants IS NOT NULL);
-- Create index "record_workspace_id_company_id" to table: "records"
CREATE INDEX "record_workspace_id_company_id" ON "records" ("workspace_id", "company_id");
-- Create index "record_workspace_id_contact_id" to table: "records"
CREATE INDEX "record_workspace_id_contact_id" ON "records" ("workspace_id", "contact_id");
-- Create index "record_workspace_id_external_id" to table: "records"
CREATE UNIQUE INDEX "record_workspace_id_external_id" ON "records" ("workspace_id", "external_id") WHERE (deleted_at IS NULL);
-- Create index "record_workspace_id_number" to table: "records"
CREATE UNIQUE INDEX "record_workspace_id_number" ON "records" ("workspace_id", "number");
-- Create index "record_workspace_id_owner_id" to table: "records"
CREATE INDEX "record_workspace_id_owner_id" ON "records" ("workspace_id", "owner_id");
-- Create index "record_workspace_id_pipeline_id" to table: "records"
CREATE INDEX "record_workspace_id_pipeline_id" ON "records" ("workspace_id", "pipeline_id");
-- Create index "record_workspace_id_stage_id_rank" to table: "records"
CREATE UNIQUE INDEX "record_workspace_id_stage_id_rank" ON "records" ("workspace_id", "stage_id", "rank") WHERE (deleted_at IS NULL);
-- Create index "record_workspace_id_updated_at_id" to table: "records"
CREATE INDEX "record_workspace_id_updated_at_id" ON "records" ("workspace_id", "updated_at", "id");
-- Create "sessions" table
CREATE TABLE "sessions" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "token_hash" character varying NOT NULL COLLATE "C",
  "kind" character varying NOT NULL COLLATE "C",
  "idle_seconds" bigint NOT NULL,
  "pipeline_ids" jsonb NULL,
  "read_only" boolean NOT NULL DEFAULT false,
  "role" character varying NULL COLLATE "C",
  "ip" character varying NOT NULL DEFAULT '' COLLATE "C",
  "user_agent" character varying NOT NULL DEFAULT '' COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "authenticated_at" timestamptz NOT NULL,
  "last_seen_at" timestamptz NOT NULL,
  "expires_at" timestamptz NOT NULL,
  "revoked_at" timestamptz NULL,
  "member_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id"),
  CONSTRAINT "sessions_members_member" FOREIGN KEY ("workspace_id", "member_id") REFERENCES "members" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "session_workspace_id_member_id" to table: "sessions"
CREATE INDEX "session_workspace_id_member_id" ON "sessions" ("workspace_id", "member_id");
-- Create index "sessions_token_hash_key" to table: "sessions"
CREATE UNIQUE INDEX "sessions_token_hash_key" ON "sessions" ("token_hash");
-- Create "tasks" table
CREATE TABLE "tasks" (
  "id" character varying NOT NULL COLLATE "C",
  "workspace_id" character varying NOT NULL COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "created_by" jsonb NOT NULL,
  "updated_by" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  "deleted_at" timestamptz NULL,
  "number" bigint NOT NULL,
  "title" character varying NOT NULL COLLATE "C",
  "description" character varying NULL COLLATE "C",
  "status" character varying NOT NULL DEFAULT 'OPEN' COLLATE "C",
  "priority" character varying NOT NULL DEFAULT 'MEDIUM' COLLATE "C",
  "due_at" timestamptz NULL,
  "due_all_day" boolean NOT NULL DEFAULT false,
  "creator_id" character varying NULL COLLATE "C",
  "completed_at" timestamptz NULL,
  "completion_cause" character varying NULL COLLATE "C",
  "source" character varying NOT NULL COLLATE "C",
  "search_text" text NOT NULL COLLATE "C",
  "assignee_id" character varying NULL COLLATE "C",
  "record_id" character varying NULL COLLATE "C",
  "contact_id" character varying NULL COLLATE "C",
  PRIMARY KEY ("workspace_id", "id"),
  CONSTRAINT "tasks_contacts_contact" FOREIGN KEY ("workspace_id", "contact_id") REFERENCES "contacts" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "tasks_members_assignee" FOREIGN KEY ("workspace_id", "assignee_id") REFERENCES "members" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "tasks_records_record" FOREIGN KEY ("workspace_id", "record_id") REFERENCES "records" ("workspace_id", "id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "task_workspace_id_assignee_id" to table: "tasks"
CREATE INDEX "task_workspace_id_assignee_id" ON "tasks" ("workspace_id", "assignee_id");
-- Create index "task_workspace_id_contact_id" to table: "tasks"
CREATE INDEX "task_workspace_id_contact_id" ON "tasks" ("workspace_id", "contact_id");
-- Create index "task_workspace_id_number" to table: "tasks"
CREATE UNIQUE INDEX "task_workspace_id_number" ON "tasks" ("workspace_id", "number");
-- Create index "task_workspace_id_record_id" to table: "tasks"
CREATE INDEX "task_workspace_id_record_id" ON "tasks" ("workspace_id", "record_id");
-- Create index "task_workspace_id_status_due_at_id" to table: "tasks"
CREATE INDEX "task_workspace_id_status_due_at_id" ON "tasks" ("workspace_id", "status", "due_at", "id");
