package crm

import (
	"strings"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/scope"
)

// required refuses a record that lacks fields the stage asks for.
func required(r ent.Record, st *ent.Stage, path string) error {
	l := newLack(st)
	l.look(r)
	return l.refusal(path)
}

// lack is what records lack that are to enter a stage.
type lack struct {
	stage  *ent.Stage
	fields map[string]bool
	count  int
}

func newLack(st *ent.Stage) *lack { return &lack{stage: st, fields: map[string]bool{}} }

// look tells whether a record lacks anything, and notes what.
func (l *lack) look(r ent.Record) bool {
	lacks := false
	for _, name := range l.stage.RequiredFields {
		if !filled(r, name) {
			l.fields[name], lacks = true, true
		}
	}
	if lacks {
		l.count++
	}
	return lacks
}

// refusal names the fields that are missing; nil when none is.
func (l *lack) refusal(path string) error {
	if l.count == 0 {
		return nil
	}
	f := fault.New(fault.StageRequirements, "the stage %q needs more fields filled", l.stage.Name)
	for _, name := range l.stage.RequiredFields {
		if l.fields[name] {
			f.Details = append(f.Details, fault.Detail{Field: path + "." + inputField(name), Code: fault.StageRequirements, Message: name + " is empty"})
		}
	}
	return f
}

// maxLacking is how many records a refusal names that lack what a stage requires.
const maxLacking = 20

// requiredOfAll refuses records that lack fields the stage asks for, all together: with their number, and the ids of the first
// of them that the viewer sees.
func (tx *Tx) requiredOfAll(drafts []*draft, st *ent.Stage, path string) error {
	l, ids := newLack(st), []string{}
	for _, d := range drafts {
		if l.look(d.next) && len(ids) < maxLacking && scope.SeesRecord(tx.viewer, show(d.cur)) {
			ids = append(ids, d.cur.ID)
		}
	}
	err := l.refusal(path)
	if f := fault.Of(err); f != nil {
		f.Current = map[string]any{"count": l.count, "stageId": st.ID, "recordIds": ids}
	}
	return err
}

// inputField is the field of an input that fills a field which a stage can require.
func inputField(name string) string {
	switch name {
	case "OWNER", "CONTACT", "COMPANY":
		name += "_ID"
	}
	words := strings.Split(strings.ToLower(name), "_")
	for i := 1; i < len(words); i++ {
		words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
	}
	return strings.Join(words, "")
}

func filled(r ent.Record, field string) bool {
	text := map[string]*string{"DESCRIPTION": r.Description, "OWNER": r.OwnerID, "CONTACT": r.ContactID,
		"CONTACT_NAME": r.ContactName, "CONTACT_EMAIL": r.ContactEmail, "CONTACT_PHONE": r.ContactPhone,
		"COMPANY": r.CompanyID, "COMPANY_NAME": r.CompanyName, "EXPECTED_CLOSE_DATE": r.ExpectedCloseDate, "SOURCE_DETAIL": r.SourceDetail,
		"EXTERNAL_ID": r.ExternalID, "CHAT_URL": r.ChatURL, "USER_NS": r.UserNs}
	switch field {
	case "VALUE":
		return r.Value != nil
	case "TAGS":
		return len(r.Tags) > 0
	case "LINE_ITEMS":
		return len(r.LineItems) > 0
	case "PARTICIPANTS":
		return len(r.Participants) > 0
	case "CHANNEL":
		return r.Channel != nil
	}
	return text[field] != nil
}
