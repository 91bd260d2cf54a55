package servertest_test

import (
	"encoding/json"
	"testing"

	"github.com/rapidbott/tideboard/server/servertest"
)

func TestSmoke(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		s := w.Owner.Subscribe(t, `subscription($p: ID!) { board(pipelineId: $p) { __typename revision
			... on BoardSnapshot { board { columns { stage { name } totals { count } cards { nodes { id title } } } } }
			... on BoardCommit { actor { name } cards { kind reason recordId stageId afterRecordId changedFields record { title value { amount currency } contact { fullName } owner { name } } } columns { stageId count amounts { currency count amount weighted } } } } }`,
			servertest.Vars{"p": w.Pipeline})
		t.Logf("%s", servertest.Next[json.RawMessage](t, s))
		a := w.Owner.Do(t, `mutation($p: ID!) { createRecord(input: {pipelineId: $p, title: " Big  deal ", value: {amount: "1200.50"}, tags: ["hot"]}) { revision record { id number title rank version value { amount currency } weightedValue { amount } stage { name } pipeline { name stages { name } } owner { name } createdBy { name } tasks { id } isStale } } }`, servertest.Vars{"p": w.Pipeline})
		t.Logf("%s %+v", a.Data, a.Errors)
		t.Logf("%s", servertest.Next[json.RawMessage](t, s))
		a = w.Owner.Do(t, `query($p: ID!) { viewer { name permissions member { name } workspace { revision } } board(pipelineId: $p) { revision columns { stage { name } totals { count amounts { currency amount weighted } } cards { nodes { title contact { fullName } owner { name } } } } } records(first: 10) { totalCount nodes { title } edges { cursor } } changes { revision head commits { revision changes { kind entity changed } } } }`, servertest.Vars{"p": w.Pipeline})
		t.Logf("%s %+v", a.Data, a.Errors)
		a = w.Owner.Do(t, `query($p: ID!) { board(pipelineId: $p, at: "4") { revision columns { stage { name } totals { count } } } }`, servertest.Vars{"p": w.Pipeline})
		t.Logf("%s %+v", a.Data, a.Errors)
	})
}
