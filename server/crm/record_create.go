package crm

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MoneyInput is an amount as given by a caller.
type MoneyInput struct {
	Amount   string
	Currency *string
}

// CreateRecordInput is a new record; see the SDL.
type CreateRecordInput struct {
	PipelineID        *string
	StageID           *string
	Place             *PlaceInput
	Title             string
	Description       *string
	Value             *MoneyInput
	Probability       *int
	Priority          string
	OwnerID           *string
	ContactID         *string
	ContactResolution string
	ContactExternalID *string
	ContactName       *string
	ContactEmail      *string
	ContactPhone      *string
	CompanyID         *string
	NewCompany        *CreateCompanyInput
	NewContact        *CreateContactInput
	CompanyName       *string
	Currency          *string
	Participants      []*ParticipantInput
	LineItems         []*LineItemInput
	ValueFromItems    bool
	ExpectedCloseDate *string
	LostReason        *string
	LostReasonKey     *string
	SourceDetail      *string
	Channel           *string
	ChatURL           *string
	UserNs            *string
	Tags              []string
	CustomFields      row.JSON
	ExternalID        *string
	ClientMutationID  *string
}

// CreateRecordPayload is the record made.
type CreateRecordPayload struct {
	Record           *row.Record
	PlaceFellBack    bool
	Warnings         []*Warning
	Revision         row.Revision
	ClientMutationID *string
}

// CreateRecord puts a new card on a board: on top of its stage unless a place is given, in the first OPEN stage of the
// default pipeline unless they are named. A company and a contact can be made along with it, all or nothing. Needs
// WriteRecords, and what those take.
func (s *Service) CreateRecord(ctx context.Context, in CreateRecordInput) (*CreateRecordPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	if err := permitPartners(ctx, in.partners()); err != nil {
		return nil, err
	}
	v := viewer.FromContext(ctx)
	draft, cl, err := newRecord(in, v)
	if err == nil {
		err = permitResolution(ctx, in.ContactResolution)
	}
	if err != nil {
		return nil, err
	}
	out := &CreateRecordPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		r, g, err := tx.create(*draft, in, cl)
		if err == nil {
			out.Record, out.PlaceFellBack, out.Warnings = tx.show(r), g.fellBack(), tx.warnings
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// newRecord checks an input as far as it can be without looking anything up.
func newRecord(in CreateRecordInput, v *viewer.Viewer) (*ent.Record, closing, error) {
	c := &checker{}
	if in.Place != nil {
		c.place("input.place", *in.Place)
	}
	c.percent("input.probability", in.Probability)
	c.kind("input.pipelineId", typeid.Pipeline, in.PipelineID)
	c.resolution(in.ContactResolution, in.ContactExternalID, in.ContactName)
	if in.ContactResolution == noContact && in.ContactID != nil {
		c.Add("input.contactId", "is not taken when no contact is looked for")
	}
	r := &ent.Record{Title: c.required("input.title", in.Title, 200), Description: c.text("input.description", in.Description, 5000),
		Currency: v.Currency, Priority: record.Priority(in.Priority), ContactName: c.text("input.contactName", in.ContactName, 200),
		ContactEmail: c.email("input.contactEmail", in.ContactEmail), ContactPhone: c.phone("input.contactPhone", v.Country, in.ContactPhone),
		CompanyName: c.text("input.companyName", in.CompanyName, 200), ExpectedCloseDate: c.date("input.expectedCloseDate", in.ExpectedCloseDate),
		Source: sourceOf(v), SourceDetail: c.text("input.sourceDetail", in.SourceDetail, 50), ChatURL: c.link("input.chatUrl", in.ChatURL),
		UserNs: c.text("input.userNs", in.UserNs, 128), Tags: c.tags("input.tags", in.Tags),
		CustomFields: c.object("input.customFields", in.CustomFields), ExternalID: c.text("input.externalId", in.ExternalID, 255)}
	if in.Channel != nil {
		ch := record.Channel(*in.Channel)
		r.Channel = &ch
	}
	c.partners(in.partners(), v)
	r.Participants = c.participants("input.participants", in.Participants)
	w := worth{currency: in.Currency, items: graphql.OmittableOf(in.LineItems), fromItems: graphql.OmittableOf(&in.ValueFromItems)}
	if in.Value != nil {
		w.value = graphql.OmittableOf(in.Value)
	}
	c.worth("input", r, w)
	cl := c.closing("input", in.Probability, in.LostReason, in.LostReasonKey)
	return r, cl, c.Err()
}

// value reads an amount into a draft; nil leaves it unknown.
func (c *checker) value(field string, m *MoneyInput, r *ent.Record) {
	if m == nil {
		r.Value = nil
		return
	}
	if m.Currency != nil {
		r.Currency = *m.Currency
	}
	minor, err := money.Parse(m.Amount, r.Currency)
	c.Take(field, err)
	r.Value = &minor
}

// sourceOf is the path by which a viewer's records come in.
func sourceOf(v *viewer.Viewer) record.Source {
	switch {
	case v.Source == viewer.Import:
		return record.SourceIMPORT
	case v.Kind == viewer.APIKey:
		return record.SourceAPI
	case v.Kind == viewer.Member:
		return record.SourceMANUAL
	}
	return record.SourceAUTOMATION
}

// create looks up what a draft refers to and inserts it, at the place that was found for it.
func (tx *Tx) create(r ent.Record, in CreateRecordInput, cl closing) (*ent.Record, gap, error) {
	target, err := tx.home(in.PipelineID, in.StageID)
	if err != nil {
		return nil, gap{}, err
	}
	if in.OwnerID != nil {
		err = tx.assign(&r, in.OwnerID, "input.ownerId")
	} else if !tx.viewer.Can(viewer.SeeAllRecords) && tx.viewer.MemberID() != "" {
		me := tx.viewer.MemberID()
		r.OwnerID = &me
	} else {
		r.OwnerID, err = tx.ownerInTurn()
	}
	if err != nil {
		return nil, gap{}, err
	}
	needReason, err := tx.needsReason(target)
	if err != nil {
		return nil, gap{}, err
	}
	place := PlaceInput{}
	if in.Place != nil {
		place = *in.Place
	}
	g, err := tx.findGap(target.ID, place, nil)
	if err != nil {
		return nil, gap{}, err
	}
	ranks, err := tx.ranksIn(target.ID, g, 1, nil, nil)
	if err != nil {
		return nil, gap{}, err
	}
	r.Rank = ranks[0]
	p, err := tx.makePartners(in.partners())
	if err != nil {
		return nil, gap{}, err
	}
	in.CompanyID, in.ContactID = p.companyID, p.contactID
	if err := tx.linkContact(&r, in.ContactID, "input.contactId"); err != nil {
		return nil, gap{}, err
	}
	if err := tx.linkResolved(&r, in.contactRef(&r)); err != nil {
		return nil, gap{}, err
	}
	if err := tx.attend(&r, graphql.OmittableOf(in.Participants), "input.participants"); err != nil {
		return nil, gap{}, err
	}
	if r.CompanyID, r.CompanyName, err = tx.linkedCompany("input.companyId", in.CompanyID, r.CompanyName); err != nil {
		return nil, gap{}, err
	}
	r.ProbabilitySource = record.ProbabilitySourceSTAGE
	if r, err = enter(r, target, cl, needReason, tx.now, "input"); err != nil {
		return nil, gap{}, err
	}
	if err := tx.reasonListed("input", r.LostReasonKey); err != nil {
		return nil, gap{}, err
	}
	saved, err := tx.insert(r)
	return saved, g, err
}

// home is the stage a new record goes to, held for update.
func (tx *Tx) home(pipelineID, stageID *string) (*ent.Stage, error) {
	if stageID != nil {
		st, err := tx.stage("input.stageId", *stageID)
		if err == nil && pipelineID != nil && st.PipelineID != *pipelineID {
			return nil, fault.At("input.stageId", fault.StageNotInPipeline, "the stage belongs to another pipeline")
		}
		return st, err
	}
	if pipelineID != nil {
		p, err := tx.pipeline("input.pipelineId", *pipelineID, false)
		if err != nil {
			return nil, err
		}
		return tx.firstOpenStage(p.ID)
	}
	p, err := tx.defaultPipeline()
	if err != nil {
		return nil, err
	}
	return tx.firstOpenStage(p.ID)
}

// linkContact links a contact to a draft and keeps its name, e-mail and phone where the draft has none of its own.
func (tx *Tx) linkContact(r *ent.Record, id *string, field string) error {
	r.ContactID = id
	if id == nil {
		return nil
	}
	if err := permit(tx.seen, viewer.ReadContacts); err != nil { // what is kept of the contact is shown
		return err
	}
	c, err := tx.contact(field, *id, false)
	if fault.Is(err, fault.NotFoundCode) {
		return fault.At(field, fault.ContactNotFound, "there is no contact %q", *id)
	}
	if err != nil {
		return err
	}
	snapshot(r, c)
	return nil
}

func snapshot(r *ent.Record, c *ent.Contact) {
	shown := showContact(c)
	if name := shown.FullName(); r.ContactName == nil && name != "" {
		r.ContactName = &name
	}
	if r.ContactEmail == nil && len(c.Emails) > 0 {
		r.ContactEmail = &c.Emails[0]
	}
	if r.ContactPhone == nil && len(c.Phones) > 0 {
		r.ContactPhone = &c.Phones[0]
	}
}

func (tx *Tx) insert(r ent.Record) (*ent.Record, error) {
	var err error
	if r.Number, err = tx.number("record"); err != nil {
		return nil, err
	}
	tx.room(Records, r.Number)
	r.ID, r.WorkspaceID, r.Version = tx.NewID(typeid.Record), tx.viewer.WorkspaceID, 1
	saved, err := tx.build(r).Save(tx.ctx)
	return saved, tx.duplicate(err, "input.externalId")
}

// build is the write of a new record, of which everything is decided but what follows from who acts and when.
func (tx *Tx) build(r ent.Record) *ent.RecordCreate {
	actor := tx.viewer.Actor()
	create := tx.ent.Record.Create()
	if len(r.Participants) > 0 {
		create.SetParticipants(r.Participants)
	}
	if len(r.LineItems) > 0 {
		create.SetLineItems(r.LineItems)
	}
	create.SetID(r.ID).SetWorkspaceID(r.WorkspaceID).SetNumber(r.Number).SetPipelineID(r.PipelineID).
		SetStageID(r.StageID).SetRank(r.Rank).SetTitle(r.Title).SetNillableDescription(r.Description).SetNillableValue(r.Value).
		SetCurrency(r.Currency).SetProbability(r.Probability).SetProbabilitySource(r.ProbabilitySource).SetStatus(r.Status).
		SetPriority(r.Priority).SetNillableOwnerID(r.OwnerID).SetNillableContactID(r.ContactID).SetNillableContactName(r.ContactName).
		SetNillableContactEmail(r.ContactEmail).SetNillableContactPhone(r.ContactPhone).SetNillableCompanyID(r.CompanyID).SetNillableCompanyName(r.CompanyName).
		SetValueFromItems(r.ValueFromItems).SetNillableExpectedCloseDate(r.ExpectedCloseDate).SetStageEnteredAt(r.StageEnteredAt).SetNillableClosedAt(r.ClosedAt).
		SetNillableWonAt(r.WonAt).SetNillableLostAt(r.LostAt).SetLastActivityAt(tx.now).SetNillableLostReason(r.LostReason).
		SetNillableLostReasonKey(r.LostReasonKey).SetSource(r.Source).SetNillableSourceDetail(r.SourceDetail).SetNillableCopiedFromID(r.CopiedFromID).
		SetNillableChannel(r.Channel).SetNillableChatURL(r.ChatURL).SetNillableUserNs(r.UserNs).SetTags(r.Tags).
		SetCustomFields(r.CustomFields).SetNillableExternalID(r.ExternalID).
		SetCreatedBy(actor).SetUpdatedBy(actor).SetCreatedAt(tx.now).SetUpdatedAt(tx.now)
	follow(create.Mutation(), nil, show(&r))
	return create
}
