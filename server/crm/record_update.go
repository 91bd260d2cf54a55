package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

// UpdateRecordInput changes the fields that are set; see the SDL.
type UpdateRecordInput struct {
	ID                string
	Title             graphql.Omittable[*string]
	Description       graphql.Omittable[*string]
	Value             graphql.Omittable[*MoneyInput]
	Probability       graphql.Omittable[*int]
	Priority          graphql.Omittable[*string]
	StageID           graphql.Omittable[*string]
	OwnerID           graphql.Omittable[*string]
	ContactID         graphql.Omittable[*string]
	ContactResolution string
	ContactExternalID *string
	ContactName       graphql.Omittable[*string]
	ContactEmail      graphql.Omittable[*string]
	ContactPhone      graphql.Omittable[*string]
	CompanyID         graphql.Omittable[*string]
	CompanyName       graphql.Omittable[*string]
	NewCompany        *CreateCompanyInput
	NewContact        *CreateContactInput
	Currency          graphql.Omittable[*string]
	Participants      graphql.Omittable[[]*ParticipantInput]
	LineItems         graphql.Omittable[[]*LineItemInput]
	ValueFromItems    graphql.Omittable[*bool]
	ExpectedCloseDate graphql.Omittable[*string]
	LostReason        graphql.Omittable[*string]
	LostReasonKey     graphql.Omittable[*string]
	SourceDetail      graphql.Omittable[*string]
	Channel           graphql.Omittable[*string]
	ChatURL           graphql.Omittable[*string]
	UserNs            graphql.Omittable[*string]
	Tags              graphql.Omittable[[]string]
	AddTags           []string
	RemoveTags        []string
	CustomFields      graphql.Omittable[*row.JSON]
	CustomFieldsPatch *row.JSON
	ExternalID        graphql.Omittable[*string]
	Expect            *ExpectInput
	ClientMutationID  *string
}

// UpdateRecordPayload is the record as it is now.
type UpdateRecordPayload struct {
	Record           *row.Record
	Warnings         []*Warning
	Revision         row.Revision
	ClientMutationID *string
}

// UpdateRecord changes any of a record's fields; a stage among them is a move to its top, an owner an assignment. A company
// and a contact can be made along with it, all or nothing. Needs WriteRecords, and what those take. A change of nothing
// writes nothing.
func (s *Service) UpdateRecord(ctx context.Context, in UpdateRecordInput) (*UpdateRecordPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	if err := permitResolution(ctx, in.ContactResolution); err != nil {
		return nil, err
	}
	if err := permitPartners(ctx, in.partners()); err != nil {
		return nil, err
	}
	out := &UpdateRecordPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		var target *ent.Stage
		if id := in.StageID.Value(); id != nil {
			var err error
			if target, err = tx.stage("input.stageId", *id); err != nil {
				return err
			}
		}
		cur, err := tx.record("input.id", in.ID)
		if err != nil {
			return err
		}
		if err := tx.meanwhile(cur, in); err != nil {
			return err
		}
		next, err := edit(*cur, in, tx.viewer)
		if err != nil {
			return err
		}
		saved, err := tx.edited(cur, next, target, in)
		if err == nil {
			out.Record, out.Warnings = tx.show(saved), tx.warnings
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// edited applies what takes looking up, and saves.
func (tx *Tx) edited(cur *ent.Record, next ent.Record, target *ent.Stage, in UpdateRecordInput) (*ent.Record, error) {
	if err := tx.meet(cur, &in); err != nil {
		return nil, err
	}
	if given(in.ContactID) && !same(in.ContactID.Value(), cur.ContactID) {
		if cur.ContactID != nil && in.ContactID.Value() != nil {
			forget(&next, in)
		}
		if err := tx.linkContact(&next, in.ContactID.Value(), "input.contactId"); err != nil {
			return nil, err
		}
	} else if err := tx.relinkResolved(cur, &next, in); err != nil {
		return nil, err
	}
	if err := tx.attend(&next, in.Participants, "input.participants"); err != nil {
		return nil, err
	}
	if given(in.CompanyID) && !same(in.CompanyID.Value(), cur.CompanyID) {
		if cur.CompanyID != nil && in.CompanyID.Value() != nil && !given(in.CompanyName) {
			next.CompanyName = nil
		}
		var err error
		if next.CompanyID, next.CompanyName, err = tx.linkedCompany("input.companyId", in.CompanyID.Value(), next.CompanyName); err != nil {
			return nil, err
		}
	}
	if given(in.OwnerID) {
		if err := tx.assign(&next, in.OwnerID.Value(), "input.ownerId"); err != nil {
			return nil, err
		}
	}
	if target != nil && target.ID != cur.StageID {
		var err error
		if next, err = tx.enterOnTop(cur, next, target, in); err != nil {
			return nil, err
		}
	} else {
		if err := stay(cur, &next, in); err != nil {
			return nil, err
		}
		if err := tx.keepReason(cur, next); err != nil {
			return nil, err
		}
	}
	if err := tx.listed(cur, next, "input"); err != nil {
		return nil, err
	}
	if !changelog.Differ(cur, &next) {
		return cur, nil
	}
	tx.touch(&next)
	return tx.save(cur, next)
}

// forget drops what a record kept of its former contact, but for texts given along with the new one.
func forget(next *ent.Record, in UpdateRecordInput) {
	if !given(in.ContactName) {
		next.ContactName = nil
	}
	if !given(in.ContactEmail) {
		next.ContactEmail = nil
	}
	if !given(in.ContactPhone) {
		next.ContactPhone = nil
	}
}

// enterOnTop is an edit's move: to the top of another stage of the same pipeline.
func (tx *Tx) enterOnTop(cur *ent.Record, next ent.Record, target *ent.Stage, in UpdateRecordInput) (ent.Record, error) {
	if target.PipelineID != cur.PipelineID {
		return next, fault.At("input.stageId", fault.StageNotInPipeline, "the stage belongs to another pipeline")
	}
	needReason, err := tx.needsReason(target)
	if err != nil {
		return next, err
	}
	c := &checker{}
	cl := c.closing("input", in.Probability.Value(), in.LostReason.Value(), in.LostReasonKey.Value())
	if err := c.Err(); err != nil {
		return next, err
	}
	if cur.Status == record.StatusLOST && target.Kind == stage.KindLOST {
		cl.whole = true
		if !given(in.LostReason) {
			cl.reason = cur.LostReason
		}
		if !given(in.LostReasonKey) {
			cl.key = cur.LostReasonKey
		}
	}
	if next, err = enter(next, target, cl, needReason, tx.now, "input"); err != nil {
		return next, err
	}
	d := &draft{cur, next}
	_, err = tx.land([]*draft{d}, target.ID, PlaceInput{})
	return d.next, err
}

// stay applies probability and reasons to a record that keeps its stage (spec records, section 4).
func stay(cur, next *ent.Record, in UpdateRecordInput) error {
	if p := in.Probability.Value(); p != nil && (*p != next.Probability || cur.Status == record.StatusOPEN) {
		if cur.Status != record.StatusOPEN {
			return fault.At("input.probability", fault.ProbabilityFixed, "the probability of a %s stage is fixed", cur.Status)
		}
		if *p != next.Probability {
			next.Probability, next.ProbabilitySource = *p, record.ProbabilitySourceMANUAL
		}
	}
	if (in.LostReason.Value() != nil || in.LostReasonKey.Value() != nil) && cur.Status != record.StatusLOST {
		return fault.At("input.lostReason", fault.ValidationFailed, "only a LOST record takes a reason")
	}
	c := &checker{}
	if given(in.LostReason) {
		next.LostReason = c.text("input.lostReason", in.LostReason.Value(), 500)
	}
	if given(in.LostReasonKey) {
		next.LostReasonKey = c.text("input.lostReasonKey", in.LostReasonKey.Value(), maxReasonKey)
	}
	return c.Err()
}

// edit applies the plain fields of an input to a record.
func edit(r ent.Record, in UpdateRecordInput, v *viewer.Viewer) (ent.Record, error) {
	c := &checker{}
	text := func(field string, o graphql.Omittable[*string], into **string, max int) {
		if given(o) {
			*into = c.text("input."+field, o.Value(), max)
		}
	}
	if given(in.Title) {
		title := ""
		if t := in.Title.Value(); t != nil {
			title = *t
		}
		r.Title = c.required("input.title", title, 200)
	}
	if given(in.Probability) && in.Probability.Value() == nil {
		c.Add("input.probability", "cannot be cleared")
	}
	text("description", in.Description, &r.Description, 5000)
	text("contactName", in.ContactName, &r.ContactName, 200)
	text("companyName", in.CompanyName, &r.CompanyName, 200)
	text("sourceDetail", in.SourceDetail, &r.SourceDetail, 50)
	text("userNs", in.UserNs, &r.UserNs, 128)
	text("externalId", in.ExternalID, &r.ExternalID, 255)
	if given(in.Currency) && in.Currency.Value() == nil {
		c.Add("input.currency", "cannot be cleared")
	}
	c.worth("input", &r, worth{in.Value, in.Currency.Value(), in.LineItems, in.ValueFromItems})
	if given(in.Participants) {
		r.Participants = c.participants("input.participants", in.Participants.Value())
	}
	c.percent("input.probability", in.Probability.Value())
	if p := in.Priority.Value(); p != nil {
		r.Priority = record.Priority(*p)
	} else if given(in.Priority) {
		c.Add("input.priority", "cannot be cleared")
	}
	if given(in.StageID) && in.StageID.Value() == nil {
		c.Add("input.stageId", "cannot be cleared")
	}
	if given(in.ContactEmail) {
		r.ContactEmail = c.email("input.contactEmail", in.ContactEmail.Value())
	}
	if given(in.ContactPhone) {
		r.ContactPhone = c.phone("input.contactPhone", v.Country, in.ContactPhone.Value())
	}
	if given(in.ExpectedCloseDate) {
		r.ExpectedCloseDate = c.date("input.expectedCloseDate", in.ExpectedCloseDate.Value())
	}
	if given(in.ChatURL) {
		r.ChatURL = c.link("input.chatUrl", in.ChatURL.Value())
	}
	if given(in.Channel) {
		r.Channel = (*record.Channel)(in.Channel.Value())
	}
	c.partners(in.partners(), v)
	r.Tags = c.retag("input", r.Tags, in.Tags, in.AddTags, in.RemoveTags)
	c.resolution(in.ContactResolution, in.ContactExternalID, in.ContactName.Value())
	r.CustomFields = c.refill("input", r.CustomFields, in.CustomFields, in.CustomFieldsPatch)
	return r, c.Err()
}
