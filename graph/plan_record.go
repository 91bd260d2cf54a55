package graph

import (
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
)

func text[T any](column string, get func(*T) string) leaf[T] {
	return leaf[T]{[]string{column}, func(b []byte, v *T, _ *env) []byte { return appendString(b, get(v)) }}
}

func optional[T any](column string, get func(*T) *string) leaf[T] {
	return leaf[T]{[]string{column}, func(b []byte, v *T, _ *env) []byte { return appendText(b, get(v)) }}
}

func whole64[T any](column string, get func(*T) int) leaf[T] {
	return leaf[T]{[]string{column}, func(b []byte, v *T, _ *env) []byte { return strconv.AppendInt(b, int64(get(v)), 10) }}
}

func instant[T any](column string, get func(*T) time.Time) leaf[T] {
	return leaf[T]{[]string{column}, func(b []byte, v *T, _ *env) []byte { return appendTime(b, get(v)) }}
}

func sometime[T any](column string, get func(*T) *time.Time) leaf[T] {
	return leaf[T]{[]string{column}, func(b []byte, v *T, _ *env) []byte { return appendInstant(b, get(v)) }}
}

func texts[T any](column string, get func(*T) []string) leaf[T] {
	return leaf[T]{[]string{column}, func(b []byte, v *T, _ *env) []byte { return appendTexts(b, get(v)) }}
}

var recordLeaves = map[string]leaf[row.Record]{
	"id":                text("id", func(r *row.Record) string { return r.ID }),
	"number":            whole64("number", func(r *row.Record) int { return r.Number }),
	"pipelineId":        text("pipeline_id", func(r *row.Record) string { return r.PipelineID }),
	"stageId":           text("stage_id", func(r *row.Record) string { return r.StageID }),
	"rank":              text("rank", func(r *row.Record) string { return r.Rank }),
	"title":             text("title", func(r *row.Record) string { return r.Title }),
	"description":       optional("description", func(r *row.Record) *string { return r.Description }),
	"probability":       whole64("probability", func(r *row.Record) int { return r.Probability }),
	"probabilitySource": text("probability_source", func(r *row.Record) string { return r.ProbabilitySource }),
	"status":            text("status", func(r *row.Record) string { return r.Status }),
	"priority":          text("priority", func(r *row.Record) string { return r.Priority }),
	"ownerId":           optional("owner_id", func(r *row.Record) *string { return r.OwnerID }),
	"contactId":         optional("contact_id", func(r *row.Record) *string { return r.ContactID }),
	"contactName":       optional("contact_name", func(r *row.Record) *string { return r.ContactName }),
	"contactEmail":      optional("contact_email", func(r *row.Record) *string { return r.ContactEmail }),
	"contactPhone":      optional("contact_phone", func(r *row.Record) *string { return r.ContactPhone }),
	"companyId":         optional("company_id", func(r *row.Record) *string { return r.CompanyID }),
	"currency":          text("currency", func(r *row.Record) string { return r.Currency }),
	"lastReassignedAt":  sometime("last_reassigned_at", func(r *row.Record) *time.Time { return r.LastReassignedAt }),
	"companyName":       optional("company_name", func(r *row.Record) *string { return r.CompanyName }),
	"expectedCloseDate": optional("expected_close_date", func(r *row.Record) *string { return r.ExpectedCloseDate }),
	"stageEnteredAt":    instant("stage_entered_at", func(r *row.Record) time.Time { return r.StageEnteredAt }),
	"closedAt":          sometime("closed_at", func(r *row.Record) *time.Time { return r.ClosedAt }),
	"wonAt":             sometime("won_at", func(r *row.Record) *time.Time { return r.WonAt }),
	"lostAt":            sometime("lost_at", func(r *row.Record) *time.Time { return r.LostAt }),
	"lastActivityAt":    instant("last_activity_at", func(r *row.Record) time.Time { return r.LastActivityAt }),
	"openTaskCount":     whole64("open_task_count", func(r *row.Record) int { return r.OpenTaskCount }),
	"nextDueAt":         sometime("next_due_at", func(r *row.Record) *time.Time { return r.NextDueAt }),
	"lostReason":        optional("lost_reason", func(r *row.Record) *string { return r.LostReason }),
	"lostReasonKey":     optional("lost_reason_key", func(r *row.Record) *string { return r.LostReasonKey }),
	"source":            text("source", func(r *row.Record) string { return r.Source }),
	"copiedFromId":      optional("copied_from_id", func(r *row.Record) *string { return r.CopiedFromID }),
	"sourceDetail":      optional("source_detail", func(r *row.Record) *string { return r.SourceDetail }),
	"channel":           optional("channel", func(r *row.Record) *string { return r.Channel }),
	"chatUrl":           optional("chat_url", func(r *row.Record) *string { return r.ChatURL }),
	"userNs":            optional("user_ns", func(r *row.Record) *string { return r.UserNs }),
	"tags":              texts("tags", func(r *row.Record) []string { return r.Tags }),
	"externalId":        optional("external_id", func(r *row.Record) *string { return r.ExternalID }),
	"createdAt":         instant("created_at", func(r *row.Record) time.Time { return r.CreatedAt }),
	"updatedAt":         instant("updated_at", func(r *row.Record) time.Time { return r.UpdatedAt }),
	"version":           whole64("version", func(r *row.Record) int { return r.Version }),
	"valueFromItems": {[]string{"value_from_items"}, func(b []byte, r *row.Record, _ *env) []byte {
		return appendBool(b, r.ValueFromItems)
	}},
	"customFields": {[]string{"custom_fields"}, func(b []byte, r *row.Record, _ *env) []byte {
		return appendJSON(b, r.CustomFields)
	}},
	"isOverdue": {[]string{"status", "expected_close_date"}, func(b []byte, r *row.Record, e *env) []byte {
		return appendBool(b, r.IsOverdue(e.ctx))
	}},
	"ageDays": {[]string{"created_at"}, func(b []byte, r *row.Record, e *env) []byte {
		return strconv.AppendInt(b, int64(r.AgeDays(e.ctx)), 10)
	}},
	"isStale": {[]string{"status", "last_activity_at"}, func(b []byte, r *row.Record, e *env) []byte {
		if r.Stage == nil || r.Pipeline == nil {
			e.gave = errUnplanned
			return b
		}
		return appendBool(b, r.StaleAt(row.Now(e.ctx), r.Stage.StaleAfterHours, r.Pipeline.StaleAfterHours, row.WorkspaceStaleHours(e.ctx)))
	}},
}

// record compiles what is shown of a card.
func (c *compiler) record(set ast.SelectionSet) []step[row.Record] {
	return fields(c, set, []string{"Record", "Node"}, recordLeaves, c.columns, func(f graphql.CollectedField) func([]byte, *row.Record, *env) []byte {
		switch f.Name {
		case "value":
			return c.amount(f, (*row.Record).Value)
		case "weightedValue":
			return c.amount(f, (*row.Record).WeightedValue)
		case "createdBy":
			return c.actor(f, "created_by", func(r *row.Record) *row.Actor { return &r.CreatedBy })
		case "updatedBy":
			return c.actor(f, "updated_by", func(r *row.Record) *row.Actor { return &r.UpdatedBy })
		case "stage":
			steps := c.stage(f.Selections)
			return func(b []byte, r *row.Record, e *env) []byte { return linkTo(b, &r.StageID, steps, r.Stage, e) }
		case "pipeline":
			steps := c.pipeline(f.Selections)
			return func(b []byte, r *row.Record, e *env) []byte { return linkTo(b, &r.PipelineID, steps, r.Pipeline, e) }
		case "contact":
			steps := c.contactOf(f.Selections)
			return func(b []byte, r *row.Record, e *env) []byte { return linkTo(b, r.ContactID, steps, r.Contact, e) }
		case "company":
			steps := c.companyOf(f.Selections)
			return func(b []byte, r *row.Record, e *env) []byte { return linkTo(b, r.CompanyID, steps, r.Company, e) }
		case "lineItems":
			return c.lineItems(f)
		case "owner":
			steps := fields(c, f.Selections, []string{"Member", "Node"}, memberLeaves, c.member, nil)
			return func(b []byte, r *row.Record, e *env) []byte { return linkTo(b, r.OwnerID, steps, r.Owner, e) }
		}
		return nil
	})
}

// linkTo writes what a card links to; a link that was not read along is left to the executor.
func linkTo[T any](b []byte, id *string, steps []step[T], to *T, e *env) []byte {
	switch {
	case id == nil:
		return append(b, "null"...)
	case to == nil:
		e.gave = errUnplanned
		return b
	}
	return object(b, steps, to, e)
}

var moneyLeaves = map[string]leaf[money.Money]{
	"amount":   text("", func(m *money.Money) string { return m.Amount }),
	"currency": text("", func(m *money.Money) string { return m.Currency }),
}

func (c *compiler) amount(f graphql.CollectedField, get func(*row.Record) *money.Money) func([]byte, *row.Record, *env) []byte {
	for _, col := range []string{"value", "currency", "probability"} {
		c.columns[col] = true
	}
	steps := fields(c, f.Selections, []string{"Money"}, moneyLeaves, nil, nil)
	return func(b []byte, r *row.Record, e *env) []byte { return object(b, steps, get(r), e) }
}

var actorLeaves = map[string]leaf[row.Actor]{
	"kind": text("", func(a *row.Actor) string { return string(a.Kind) }),
	"name": text("", func(a *row.Actor) string { return a.Name }),
	"id":   optional("", func(a *row.Actor) *string { return a.Identity() }),
}

func (c *compiler) actor(f graphql.CollectedField, column string, get func(*row.Record) *row.Actor) func([]byte, *row.Record, *env) []byte {
	c.columns[column] = true
	return actor(c, f, get)
}

// actor writes who did something to a row.
func actor[T any](c *compiler, f graphql.CollectedField, get func(*T) *row.Actor) func([]byte, *T, *env) []byte {
	steps := fields(c, f.Selections, []string{"Actor"}, actorLeaves, nil, nil)
	return func(b []byte, v *T, e *env) []byte { return object(b, steps, get(v), e) }
}

var memberLeaves = map[string]leaf[row.Member]{
	"id":        text("id", func(m *row.Member) string { return m.ID }),
	"firstName": text("first_name", func(m *row.Member) string { return m.FirstName }),
	"lastName":  text("last_name", func(m *row.Member) string { return m.LastName }),
	"name": {[]string{"first_name", "last_name"}, func(b []byte, m *row.Member, _ *env) []byte {
		return appendString(b, m.Name())
	}},
	"email":     text("email", func(m *row.Member) string { return m.Email }),
	"avatarUrl": optional("avatar_url", func(m *row.Member) *string { return m.AvatarURL }),
	"role":      text("role", func(m *row.Member) string { return string(m.Role) }),
	"isActive": {[]string{"is_active"}, func(b []byte, m *row.Member, _ *env) []byte {
		return appendBool(b, m.IsActive)
	}},
	"timezone":  optional("timezone", func(m *row.Member) *string { return m.Timezone }),
	"language":  optional("language", func(m *row.Member) *string { return m.Language }),
	"createdAt": instant("created_at", func(m *row.Member) time.Time { return m.CreatedAt }),
}

var contactLeaves = map[string]leaf[row.Contact]{
	"id":        text("id", func(c *row.Contact) string { return c.ID }),
	"number":    whole64("number", func(c *row.Contact) int { return c.Number }),
	"firstName": text("first_name", func(c *row.Contact) string { return c.FirstName }),
	"lastName":  text("last_name", func(c *row.Contact) string { return c.LastName }),
	"fullName": {[]string{"first_name", "last_name"}, func(b []byte, c *row.Contact, _ *env) []byte {
		return appendString(b, c.FullName())
	}},
	"emails":      texts("emails", func(c *row.Contact) []string { return c.Emails }),
	"phones":      texts("phones", func(c *row.Contact) []string { return c.Phones }),
	"jobTitle":    optional("job_title", func(c *row.Contact) *string { return c.JobTitle }),
	"companyId":   optional("company_id", func(c *row.Contact) *string { return c.CompanyID }),
	"companyName": optional("company_name", func(c *row.Contact) *string { return c.CompanyName }),
	"description": optional("description", func(c *row.Contact) *string { return c.Description }),
	"ownerId":     optional("owner_id", func(c *row.Contact) *string { return c.OwnerID }),
	"userNs":      optional("user_ns", func(c *row.Contact) *string { return c.UserNs }),
	"externalId":  optional("external_id", func(c *row.Contact) *string { return c.ExternalID }),
	"source":      text("source", func(c *row.Contact) string { return c.Source }),
	"createdAt":   instant("created_at", func(c *row.Contact) time.Time { return c.CreatedAt }),
	"updatedAt":   instant("updated_at", func(c *row.Contact) time.Time { return c.UpdatedAt }),
	"version":     whole64("version", func(c *row.Contact) int { return c.Version }),
}

func (c *compiler) contactOf(set ast.SelectionSet) []step[row.Contact] {
	return fields(c, set, []string{"Contact", "Node"}, contactLeaves, c.contact, nil)
}
