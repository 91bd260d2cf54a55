package policy_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// TestEveryIDHasAKind keeps the generator honest: an id that a new operation takes is tried like the others, or this
// fails until somebody says what it means.
func TestEveryIDHasAKind(t *testing.T) {
	s := schema(t)
	all := leaves(s)
	for _, l := range all {
		assert.NotEqual(t, unknown, l.want, "%s: name the kind of this id in byField", l.name())
	}
	for _, def := range s.Types {
		for _, f := range def.Fields {
			named := strings.HasSuffix(f.Name, "Id") || strings.HasSuffix(f.Name, "Ids") || f.Name == "id" || f.Name == "ids"
			foreign := f.Name == "clientMutationId" || f.Name == "externalId" || f.Name == "contactExternalId" || f.Name == "partnerWorkspaceId"
			if def.Kind == ast.InputObject && named && !foreign {
				assert.Contains(t, []string{"ID", "IDComparator"}, f.Type.Name(), "%s.%s looks like an id and is none", def.Name, f.Name)
			}
		}
	}
	names := map[string]bool{}
	for _, l := range all {
		names[l.name()] = true
	}
	for _, want := range []string{"node.id", "record.id", "board.pipelineId", "records.filter.and.contactId.notIn", "board.filter.id.eq", "changes.filter.entityId",
		"updateRecord.input.expect.stageId", "deletePipeline.input.moveTo.stageMap.toStageId", "deleteRecords.input.ids"} {
		assert.True(t, names[want], "the generator does not find %s", want)
	}
}

// refusedAlways are ids that no value makes acceptable.
var refusedAlways = map[string]bool{"createPipeline.input.stages.id": true, "createPipelineFromTemplate.input.stages.id": true}

// wall is two workspaces on one server: alpha asks, bravo must not notice.
type wall struct {
	*house
	schema *ast.Schema
	bravo  *cast
	worlds int
	alpha  *cast
	writer *cast // asks to write; nil when what it asked for was done
}

// asker makes a workspace that asks.
func (w *wall) asker(t *testing.T) *cast {
	w.worlds++
	return people(t, w.Server, fmt.Sprintf("alpha%03d", w.worlds))
}

// ask sends the operation with an id at its leaf. What may write is asked from a workspace in
// which nothing was done since it was made, so that every request finds the same.
func (w *wall) ask(t *testing.T, l leaf, id func(c *cast) string) reply {
	t.Helper()
	if l.kind == ast.Mutation {
		if w.writer == nil {
			w.writer = w.asker(t)
		}
		r := w.askFrom(t, w.writer, l, id)
		if len(r.errs) == 0 {
			w.writer = nil
		}
		return r
	}
	return w.askFrom(t, w.alpha, l, id)
}

func (w *wall) askFrom(t *testing.T, c *cast, l leaf, id func(c *cast) string) reply {
	t.Helper()
	query, vars := filler{w.schema, c, l, id(c)}.request()
	return ask(t, &c.Owner.Client, l.kind, query, vars)
}

func TestTheWallBetweenTenants(t *testing.T) {
	t.Parallel()
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		w := &wall{house: h, schema: schema(t), bravo: people(t, h.Server, "bravo")}
		w.alpha = w.asker(t)
		boards := w.bravo.Owner.Subscribe(t, `subscription($p: ID!) { board(pipelineId: $p) { revision } }`, servertest.Vars{"p": w.bravo.Pipeline})
		changes := w.bravo.Owner.Subscribe(t, `subscription { changes { revision } }`, nil)
		at := servertest.Next[struct{ Board struct{ Revision string } }](t, boards).Board.Revision
		require.Equal(t, at, servertest.Next[struct{ Changes struct{ Revision string } }](t, changes).Changes.Revision)
		dump := dumper(t, h.Server)
		before := dump(t, w.bravo.WorkspaceID)

		all := leaves(w.schema)
		for i, l := range all {
			t.Run(string(l.kind)+"."+l.name(), func(t *testing.T) {
				query, vars := filler{w.schema, w.alpha, l, ""}.rehearsal()
				own := ask(t, &w.alpha.Owner.Client, l.kind, query, vars)
				if !refusedAlways[l.name()] {
					require.Empty(t, own.errs, "the request must be right but for the id: give it a seed")
				}
				for _, prefix := range w.prefixes(l) {
					w.compare(t, l, prefix)
				}
				w.wrongKind(t, l)
				if last := i+1 == len(all) || all[i+1].field != l.field; last && l.kind == ast.Mutation {
					require.Equal(t, before, dump(t, w.bravo.WorkspaceID), "a row of the other workspace changed")
				}
			})
		}
		require.Equal(t, before, dump(t, w.bravo.WorkspaceID), "a row of the other workspace changed")

		made := servertest.Must[struct{ CreateRecord struct{ Revision string } }](t, &w.bravo.Owner.Client,
			`mutation($s: ID!) { createRecord(input: {stageId: $s, title: "sentinel"}) { revision } }`, servertest.Vars{"s": w.bravo.Lead}).CreateRecord.Revision
		require.Equal(t, made, servertest.Next[struct{ Board struct{ Revision string } }](t, boards).Board.Revision, "a frame came before")
		require.Equal(t, made, servertest.Next[struct{ Changes struct{ Revision string } }](t, changes).Changes.Revision, "a frame came before")
	})
}

// prefixes are the kinds of ids to try at a leaf.
func (w *wall) prefixes(l leaf) (out []string) {
	if l.want != anything {
		return []string{l.want}
	}
	for prefix := range w.bravo.id {
		out = append(out, prefix)
	}
	return out
}

// compare sends an id of the other workspace and one that never was: nobody can tell the answers apart.
func (w *wall) compare(t *testing.T, l leaf, prefix string) {
	t.Helper()
	theirs, never := w.bravo.id[prefix], typeid.New(prefix)
	foreign := w.ask(t, l, func(*cast) string { return theirs })
	random := w.ask(t, l, func(*cast) string { return never })
	require.Equal(t, masked(random.body), masked(foreign.body), "a foreign %s is told from one that does not exist", typeid.Name(prefix))
	assert.NotContains(t, foreign.body, "bravo", "data of the other workspace")
	for _, id := range append(w.bravo.all(), w.bravo.WorkspaceID) {
		if id != theirs {
			assert.NotContains(t, foreign.body, id, "an id of the other workspace")
		}
	}
	w.missing(t, l, foreign)
}

// instead are the answers to an id that does not exist, where they are others than NOT_FOUND; by the end of the leaf's
// name.
var instead = map[string]string{
	"Record.input.contactId": "CONTACT_NOT_FOUND", "createRecords.input.records.contactId": "CONTACT_NOT_FOUND", "Record.input.participants.contactId": "CONTACT_NOT_FOUND", "createTask.input.contactId": "CONTACT_NOT_FOUND",
	".expect.stageId":                    "CONFLICT",
	".moveTo.stageId":                    "STAGE_NOT_IN_PIPELINE",
	".fromStageId":                       "STAGE_NOT_IN_PIPELINE",
	"moveRecords.toStageId":              "STAGE_NOT_IN_PIPELINE",
	"stageMap.toStageId":                 "STAGE_NOT_IN_PIPELINE",
	".afterRecordId":                     "", // the card goes to the top
	".beforeRecordId":                    "",
	".nearRecordIds":                     "",
	"createPipeline.input.stages.id":     "VALIDATION_FAILED",
	"reorderPipelines.input.pipelineIds": "CONFLICT", "reorderStages.input.stageIds": "CONFLICT", // no list of all there are
	"Template.input.stages.id": "VALIDATION_FAILED",
	"auditLog.filter.actorId":  "", // nothing was done by it
}

// byRow finds the ids that only concern one row of a bulk command.
var byRow = regexp.MustCompile(`^(delete|restore|move|update|tag)Records\.input\.(ids|items\.(id|expect\.stageId))$|^createRecords\.input\.records\.`)

// missing checks the answer to an id that does not exist for the asker.
func (w *wall) missing(t *testing.T, l leaf, r reply) {
	t.Helper()
	want := "NOT_FOUND"
	for end, code := range instead {
		if strings.HasSuffix(l.name(), end) {
			want = code
		}
	}
	switch {
	case slices.Contains(l.path, "filter"): // nothing is like it
		want = ""
	case byRow.MatchString(l.name()): // the row is refused, not the command
		assert.Contains(t, r.body, `"code":"`+want+`"`)
		want = ""
	case l.kind == ast.Query && !l.field.Type.NonNull && len(r.errs) == 0:
		assert.Equal(t, `{"`+l.field.Name+`":null}null`, r.body)
		want = ""
	case l.name() == "node.id": // of a kind that is no node
		want = "VALIDATION_FAILED"
	}
	if want == "" {
		assert.Empty(t, r.errs)
	} else if assert.NotEmpty(t, r.errs, "must be refused with %s", want) {
		assert.Equal(t, want, r.errs[0].Extensions.Code)
	}
}

// wrongKind sends ids of another kind and texts that are none.
func (w *wall) wrongKind(t *testing.T, l leaf) {
	t.Helper()
	other := typeid.Record
	if l.want == typeid.Record {
		other = typeid.Contact
	}
	for what, id := range map[string]func(*cast) string{
		"another kind": func(c *cast) string { return c.id[other] },
		"no id":        func(*cast) string { return "nonsense" },
		"upper case":   func(*cast) string { return strings.ToUpper(typeid.New(typeid.Record)) },
	} {
		if l.want == anything && what == "another kind" {
			continue
		}
		r := w.askFrom(t, w.alpha, l, id)
		assert.Contains(t, r.body, "VALIDATION_FAILED", "%s is not refused", what)
		if l.want != anything {
			assert.Contains(t, r.body, typeid.Name(l.want), "%s is refused without the kind wanted", what)
		}
	}
}

// all are the ids of a cast.
func (c *cast) all() (out []string) {
	for _, id := range c.id {
		out = append(out, id)
	}
	return append(out, c.sparePipeline, c.inbox, c.spareRecord, c.goneRecord, c.Offer, c.Won, c.Lost, c.Owner.ID, c.Chloe.ID)
}
