package crm

import (
	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// meanwhile refuses an edit of a record that is not what the caller believes. To the CONFLICT of every command it adds
// which of the sent fields changed since the version expected, with their present values; nothing when no version was
// expected, or when the log does not reach back to it.
func (tx *Tx) meanwhile(r *ent.Record, in UpdateRecordInput) error {
	err := tx.expect(r, in.Expect)
	f := fault.Of(err)
	if f == nil || in.Expect.Version == nil {
		return err
	}
	now, ok := f.Current.(RecordNow)
	if !ok {
		return err
	}
	columns, whole, failed := tx.changedSince(r, *in.Expect.Version)
	if failed != nil {
		return failed
	}
	if whole {
		changed := in.touched(columns, show(r))
		now.Changed = &changed
		f.Current = now
	}
	return f
}

// changedSince names the columns of a record that were written after a version; whole tells whether the log still has
// every change since. A version that the record never had has nothing after it.
func (tx *Tx) changedSince(r *ent.Record, version int) (columns map[string]bool, whole bool, err error) {
	b := tx.begin().Add("SELECT CAST((c.after ->> 'version') AS INTEGER), c.changed FROM changes c WHERE ").Workspace("c").
		Add(" AND c.entity_id = ? AND CAST((c.after ->> 'version') AS INTEGER) > ?", r.ID, version)
	text, args := b.SQL()
	rows, err := tx.sql.QueryContext(tx.ctx, text, args...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	columns, versions := map[string]bool{}, map[int]bool{}
	for rows.Next() {
		at, changed := 0, row.Strings{}
		if err := rows.Scan(&at, &changed); err != nil {
			return nil, false, err
		}
		versions[at] = true
		for _, c := range changed {
			columns[c] = true
		}
	}
	return columns, len(versions) == max(r.Version-version, 0), rows.Err()
}

// touched are the fields sent that show one of these columns, each with its present value.
func (in UpdateRecordInput) touched(columns map[string]bool, now *row.Record) map[string]any {
	out := map[string]any{}
	for _, f := range in.sent(now) {
		for _, c := range f.columns {
			if columns[c] {
				out[f.name] = f.now
			}
		}
	}
	return out
}

// sentField is a field of the API that an edit sets, with the columns that hold it and what they show now.
type sentField struct {
	name    string
	columns []string
	now     any
}

// sent lists what an edit sets.
func (in UpdateRecordInput) sent(r *row.Record) (out []sentField) {
	add := func(sent bool, name string, now any, columns ...string) {
		if sent {
			out = append(out, sentField{name, columns, now})
		}
	}
	value := map[string]any(nil)
	if m := r.Value(); m != nil {
		value = map[string]any{"amount": m.Amount, "currency": m.Currency}
	}
	add(given(in.Title), "title", r.Title, "title")
	add(given(in.Description), "description", r.Description, "description")
	add(given(in.Value), "value", value, "value", "currency")
	add(given(in.Currency), "currency", r.Currency, "currency")
	add(given(in.Probability), "probability", r.Probability, "probability")
	add(given(in.Priority), "priority", r.Priority, "priority")
	add(given(in.StageID), "stageId", r.StageID, "stage_id")
	add(given(in.OwnerID), "ownerId", r.OwnerID, "owner_id")
	add(given(in.ContactID) || in.NewContact != nil, "contactId", r.ContactID, "contact_id")
	add(given(in.ContactName), "contactName", r.ContactName, "contact_name")
	add(given(in.ContactEmail), "contactEmail", r.ContactEmail, "contact_email")
	add(given(in.ContactPhone), "contactPhone", r.ContactPhone, "contact_phone")
	add(given(in.CompanyID) || in.NewCompany != nil, "companyId", r.CompanyID, "company_id")
	add(given(in.CompanyName), "companyName", r.CompanyName, "company_name")
	add(given(in.ExpectedCloseDate), "expectedCloseDate", r.ExpectedCloseDate, "expected_close_date")
	add(given(in.LostReason), "lostReason", r.LostReason, "lost_reason")
	add(given(in.LostReasonKey), "lostReasonKey", r.LostReasonKey, "lost_reason_key")
	add(given(in.SourceDetail), "sourceDetail", r.SourceDetail, "source_detail")
	add(given(in.Channel), "channel", r.Channel, "channel")
	add(given(in.ChatURL), "chatUrl", r.ChatURL, "chat_url")
	add(given(in.UserNs), "userNs", r.UserNs, "user_ns")
	add(given(in.Tags) || in.AddTags != nil || in.RemoveTags != nil, "tags", listed(r.Tags), "tags")
	add(given(in.CustomFields) || in.CustomFieldsPatch != nil, "customFields", r.CustomFields, "custom_fields")
	add(given(in.ExternalID), "externalId", r.ExternalID, "external_id")
	add(given(in.ValueFromItems), "valueFromItems", r.ValueFromItems, "value_from_items")
	items := []map[string]string{}
	for _, i := range r.LineItems {
		items = append(items, map[string]string{"name": i.Name, "quantity": i.Quantity, "unitPrice": i.UnitPrice})
	}
	add(given(in.LineItems), "lineItems", items, "line_items")
	parties := []map[string]any{}
	for _, p := range r.Parties {
		parties = append(parties, map[string]any{"contactId": p.ContactID, "role": p.Role})
	}
	add(given(in.Participants), "participants", parties, "participants")
	return out
}

// listed shows no list as an empty one.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
