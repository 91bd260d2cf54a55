package crm

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// RecordChanges are the fields that can be set on many records at once; see the SDL.
type RecordChanges struct {
	Title             graphql.Omittable[*string]     `json:",omitzero"`
	Description       graphql.Omittable[*string]     `json:",omitzero"`
	Value             graphql.Omittable[*MoneyInput] `json:",omitzero"`
	Probability       graphql.Omittable[*int]        `json:",omitzero"`
	Priority          graphql.Omittable[*string]     `json:",omitzero"`
	CompanyName       graphql.Omittable[*string]     `json:",omitzero"`
	ExpectedCloseDate graphql.Omittable[*string]     `json:",omitzero"`
	LostReason        graphql.Omittable[*string]     `json:",omitzero"`
	LostReasonKey     graphql.Omittable[*string]     `json:",omitzero"`
	SourceDetail      graphql.Omittable[*string]     `json:",omitzero"`
	Channel           graphql.Omittable[*string]     `json:",omitzero"`
	AddTags           []string                       `json:",omitempty"`
	RemoveTags        []string                       `json:",omitempty"`
	CustomFieldsPatch *row.JSON                      `json:",omitempty"`
}

// of is the edit of one record that these changes are.
func (c RecordChanges) of(id string) UpdateRecordInput {
	return UpdateRecordInput{ID: id, Title: c.Title, Description: c.Description, Value: c.Value, Probability: c.Probability, Priority: c.Priority,
		CompanyName: c.CompanyName, ExpectedCloseDate: c.ExpectedCloseDate, LostReason: c.LostReason, LostReasonKey: c.LostReasonKey,
		SourceDetail: c.SourceDetail, Channel: c.Channel, AddTags: c.AddTags, RemoveTags: c.RemoveTags, CustomFieldsPatch: c.CustomFieldsPatch}
}

// RecordItem is one row with changes of its own, which come on top of those of all rows.
type RecordItem struct {
	ID     string
	Set    *RecordChanges
	Expect *ExpectInput
}

// UpdateRecordsInput changes many records: all by Set, and each of Items by its own; see the SDL.
type UpdateRecordsInput struct {
	BatchTarget
	Items            []*RecordItem
	Set              *RecordChanges
	ClientMutationID *string
}

// UpdateRecordsPayload tells what was changed.
type UpdateRecordsPayload = BatchPayload

// UpdateRecords changes fields of records. The rules are those of UpdateRecord, row by row. Needs WriteRecords.
func (s *Service) UpdateRecords(ctx context.Context, in UpdateRecordsInput) (*UpdateRecordsPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	out, c := &UpdateRecordsPayload{}, &checker{}
	in.check(c, len(in.Items))
	b := updates(viewer.FromContext(ctx), in, c)
	if in.Items == nil && in.Set == nil {
		c.Add("input.set", "must be given")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	var ids []string
	for _, item := range in.Items {
		ids = append(ids, item.ID)
	}
	return out, s.do(ctx, b, in.BatchTarget, ids, in.ClientMutationID, out, out)
}

// updates makes the bulk command. A set that is wrong for every record is refused before any is looked at.
func updates(v *viewer.Viewer, in UpdateRecordsInput, c *checker) *bulk {
	set := RecordChanges{}
	if in.Set != nil {
		set = *in.Set
	}
	if _, err := edit(ent.Record{Title: "x", Currency: v.Currency}, set.of(""), v); err != nil {
		c.under("input.set", err)
	}
	b := &bulk{kind: UpdateKind, need: viewer.WriteRecords, input: in}
	if in.Items != nil {
		b.rows = "input.items"
	}
	b.decide = func(tx *Tx, cur *ent.Record, i int) (ent.Record, error) {
		item := &RecordItem{}
		if i < len(in.Items) {
			item = in.Items[i]
		}
		if err := tx.expect(cur, item.Expect); err != nil {
			return *cur, err
		}
		next, err := tx.set(cur, *cur, set)
		if err == nil && item.Set != nil {
			next, err = tx.set(cur, next, *item.Set)
		}
		if err == nil {
			err = tx.keepReason(cur, next)
		}
		if err == nil {
			err = tx.listed(cur, next, "input")
		}
		return next, err
	}
	return b
}

// set applies changes to a draft.
func (tx *Tx) set(cur *ent.Record, next ent.Record, changes RecordChanges) (ent.Record, error) {
	in := changes.of(cur.ID)
	next, err := edit(next, in, tx.viewer)
	if err == nil {
		err = stay(cur, &next, in)
	}
	if err == nil && changelog.Differ(cur, &next) {
		tx.touch(&next)
	}
	return next, err
}

// TagRecordsInput adds tags to records and takes tags from them.
type TagRecordsInput struct {
	BatchTarget
	Add              []string
	Remove           []string
	ClientMutationID *string
}

// TagRecordsPayload tells what was tagged.
type TagRecordsPayload = BatchPayload

// TagRecords adds tags to records and removes tags; a record that has all of the former and none of the latter stays as it
// is. Needs WriteRecords.
func (s *Service) TagRecords(ctx context.Context, in TagRecordsInput) (*TagRecordsPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	out, c := &TagRecordsPayload{}, &checker{}
	in.check(c, 0)
	if len(in.Add)+len(in.Remove) == 0 {
		c.Add("input.add", "no tag is given, neither to add nor to remove")
	}
	b := tagging(viewer.FromContext(ctx), in, c)
	if err := c.Err(); err != nil {
		return nil, err
	}
	return out, s.do(ctx, b, in.BatchTarget, nil, in.ClientMutationID, out, out)
}

func tagging(v *viewer.Viewer, in TagRecordsInput, c *checker) *bulk {
	c.tags("input.add", in.Add)
	b := updates(v, UpdateRecordsInput{Set: &RecordChanges{AddTags: in.Add, RemoveTags: in.Remove}}, &checker{})
	b.kind, b.input = TagKind, in
	return b
}

// under takes over what a refusal of an edit says, with its places in another input.
func (c *checker) under(place string, err error) {
	for _, d := range fault.Of(err).Details {
		c.AddCode(place+strings.TrimPrefix(d.Field, "input"), d.Code, "%s", d.Message)
	}
}
