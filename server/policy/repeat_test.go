package policy_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/servertest"
)

// ofNow finds what an answer shows as it is at the moment of asking: a stay that goes on may outlast one that stood first.
var ofNow = regexp.MustCompile(`"timeInStages":\[[^\]]*\]|"(timeInStageSeconds|ageDays|durationSeconds|durationDays|isOnline|lastSeenAt|lastUsedAt|useCount)":[^,}]*`)

// TestEveryMutationCanBeRehearsedAndRepeated: a rehearsal leaves the workspace as it was, to the last row; a repeat under
// a key gives the first answer, to the last letter, and does nothing.
func TestEveryMutationCanBeRehearsedAndRepeated(t *testing.T) {
	t.Parallel()
	servertest.Each(t, func(t *testing.T, dialect string) {
		s, h, n := schema(t), open(t, dialect), 0
		dump := dumper(t, h.Server)
		for _, o := range operations(s) {
			if o.kind != ast.Mutation {
				continue
			}
			n++
			c := people(t, h.Server, "alpha"+string(rune('a'+n/26))+string(rune('a'+n%26)))
			before := dump(t, c.WorkspaceID)
			vars, declared, given := filler{s, c, o, ""}.arguments()
			say := func(directive string) reply {
				text := string(o.kind) + declared + " { " + o.field.Name + given + " " + directive + selection(s, s.Types[o.field.Type.Name()], 2) + " }"
				return ask(t, &c.Owner.Client, o.kind, text, vars)
			}
			rehearsed := say("@dryRun")
			require.Empty(t, rehearsed.errs, o.field.Name)
			require.Equal(t, before, dump(t, c.WorkspaceID), "%s: a rehearsal left something", o.field.Name)

			first := say(`@idempotent(key: "k")`)
			require.Empty(t, first.errs, o.field.Name)
			done := dump(t, c.WorkspaceID)
			again := say(`@idempotent(key: "k")`)
			if len(again.errs) > 0 { // the caller lost its own session, or right, by what it did
				assert.Contains(t, []string{"SESSION_EXPIRED"}, again.errs[0].Extensions.Code, o.field.Name)
				continue
			}
			assert.Equal(t, ofNow.ReplaceAllString(first.body, ""), ofNow.ReplaceAllString(again.body, ""), o.field.Name)
			if o.field.Name == "deleteAllData" {
				continue // its job is at work
			}
			assert.Equal(t, done, dump(t, c.WorkspaceID), "%s: a repeat did something", o.field.Name)
		}
		require.Greater(t, n, 30)
	})
}
