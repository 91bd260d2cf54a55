package scenario_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

type linked struct {
	CreateRecord struct{ Record struct{ ContactID string } }
}

const createAbout = `mutation($e: String, $p: String, $s: ID) { createRecord(input: {title: "T", stageId: $s, contactEmail: $e, contactPhone: $p,
	contactResolution: LINK_OR_CREATE}) { record { contactId } } }`

// TestTheSameNewContactIsMadeOnce: many calls at the same time, in several stages so that no stage's lock helps, by the
// same new e-mail, by the same new phone, and with both keys crossing.
func TestTheSameNewContactIsMadeOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		stages := []string{w.Lead, w.Offer, w.Won, w.Lost}
		for round := range 5 {
			email, phone := fmt.Sprintf("new%d@x.example", round), fmt.Sprintf("+49301234%03d", round)
			var all sync.WaitGroup
			ids := make([]string, 12)
			for i := range ids {
				all.Go(func() {
					vars := servertest.Vars{"s": stages[i%4], "e": email, "p": phone}
					switch round {
					case 1:
						delete(vars, "p")
					case 2:
						delete(vars, "e")
					}
					who := []*servertest.Person{w.Owner, w.Ben, w.Key}[i%3]
					ids[i] = servertest.Must[linked](t, &who.Client, createAbout, vars).CreateRecord.Record.ContactID
				})
			}
			all.Wait()
			for _, id := range ids {
				assert.Equal(t, ids[0], id)
			}
			require.NotEmpty(t, ids[0])
			require.Equal(t, fmt.Sprint(round+1), count(t, w, "SELECT count(*) FROM contacts"))
		}
		require.Equal(t, "60", count(t, w, "SELECT count(*) FROM records"))
		require.Equal(t, "5", count(t, w, "SELECT max(number) FROM contacts"), "who came too late has used a number up")
	})
}

// TestKeysFollowContacts: whatever was done to contacts, the table of keys holds what live contacts have, and nothing else;
// the end of all data is its end.
func TestKeysFollowContacts(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		do := func(query string, vars servertest.Vars) string {
			declared := ""
			for name, typ := range map[string]string{"id": "ID!", "e": "[String!]"} {
				if vars[name] != nil {
					declared += "$" + name + ": " + typ + " "
				}
			}
			return servertest.Must[map[string]struct{ Contact struct{ ID string } }](t, &w.Owner.Client, "mutation("+declared+") { x: "+query+" }", vars)["x"].Contact.ID
		}
		keys := func() []string {
			return cells(t, w, "SELECT k.kind || ' ' || k.key FROM contact_keys k ORDER BY k.kind, k.key")
		}
		id := do(`createContact(input: {emails: $e, phones: ["0049 30 123-456", "+4930123456"], userNs: "u", externalId: "e"}) { contact { id } }`,
			servertest.Vars{"e": []string{"B@x.example", "a@x.example", "b@x.example"}})
		require.Equal(t, []string{"EMAIL a@x.example", "EMAIL b@x.example", "EXTERNAL_ID e", "PHONE 4930123456", "USER_NS u"}, keys())
		do(`updateContact(input: {id: $id, emails: $e, phones: null, userNs: null}) { contact { id } }`, servertest.Vars{"id": id, "e": []string{"c@x.example", "a@x.example"}})
		require.Equal(t, []string{"EMAIL a@x.example", "EMAIL c@x.example", "EXTERNAL_ID e"}, keys())
		do(`updateContact(input: {id: $id, jobTitle: "CEO", emails: $e}) { contact { id } }`, servertest.Vars{"id": id, "e": []string{"a@x.example", "c@x.example"}})
		require.Equal(t, []string{"EMAIL a@x.example", "EMAIL c@x.example", "EXTERNAL_ID e"}, keys())
		do(`deleteContact(input: {id: $id}) { revision }`, servertest.Vars{"id": id})
		require.Empty(t, keys())
		do(`createContact(input: {emails: $e}) @dryRun { contact { id } }`, servertest.Vars{"e": []string{"d@x.example"}})
		require.Empty(t, keys())
		do(`createContact(input: {emails: $e}) { contact { id } }`, servertest.Vars{"e": []string{"d@x.example"}})
		require.Equal(t, []string{"EMAIL d@x.example"}, keys())

		type state struct{ Job struct{ State string } }
		wiped := servertest.Must[wiping](t, &w.Owner.Client, wipe, nil).DeleteAllData.Job.ID
		require.Eventually(t, func() bool {
			return servertest.Must[state](t, &w.Owner.Client, `query($id: ID!) { job(id: $id) { state } }`, servertest.Vars{"id": wiped}).Job.State == "SUCCEEDED"
		}, time.Minute, 5*time.Millisecond)
		require.Empty(t, keys())
	})
}
