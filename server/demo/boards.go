package demo

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/server/crm"
)

// loading is the first pipeline's description until all is there.
const loading = "Demo data is being loaded."

// boardPlan is a pipeline, as in the catalogue of templates, and what is on its board.
type boardPlan struct {
	name, description, category, recordType string
	stages                                  []stagePlan
	// currencies has one entry per share; an empty one is a record without a value.
	currencies  []string
	tags        []string
	lostReasons []string
	details     []string
}

// stagePlan is a stage and the number of its cards.
type stagePlan struct {
	name, color string
	probability int
	kind        string
	cards       int
}

const (
	gray   = "#9CA3AF"
	blue   = "#3B82F6"
	sky    = "#0EA5E9"
	indigo = "#6366F1"
	violet = "#8B5CF6"
	yellow = "#EAB308"
	amber  = "#F59E0B"
	red    = "#EF4444"
	green  = "#22C55E"
)

// The places of the pipelines.
const (
	sales = iota
	support
	recruitment
)

var boardPlans = []boardPlan{
	sales: {"Sales Pipeline", "Sell to other businesses from first contact to signature.", "SALES", "DEAL",
		[]stagePlan{{"Lead", gray, 10, "OPEN", 66}, {"Qualified", blue, 30, "OPEN", 52}, {"Proposal", yellow, 50, "OPEN", 43},
			{"Negotiation", red, 70, "OPEN", 27}, {"Closed Won", green, 100, "WON", 55}, {"Closed Lost", gray, 0, "LOST", 37}},
		[]string{"EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "USD", "USD", "USD", "GBP", "GBP", "CHF", "CHF", "JPY", "", ""},
		[]string{"hot", "renewal", "new customer", "upsell", "framework", "trade fair", "Österreich", "needs reference", "quick win"},
		[]string{"Price too high", "Chose a competitor", "No budget this year", "No answer any more", "Built it themselves"},
		[]string{"Trade fair Hamburg", "Google Ads", "Recommendation", "Website form", "Newsletter", "Partner", "Cold call"}},
	support: {"Customer Support", "Take customer requests from arrival to solution.", "CUSTOMER_SUPPORT", "TICKET",
		[]stagePlan{{"New", gray, 10, "OPEN", 26}, {"Triage", sky, 20, "OPEN", 17}, {"In Progress", blue, 50, "OPEN", 31},
			{"Waiting for Customer", amber, 60, "OPEN", 19}, {"Escalated", red, 40, "OPEN", 8}, {"Resolved", green, 100, "WON", 76},
			{"Closed Unresolved", gray, 0, "LOST", 13}},
		[]string{"EUR", "EUR", "EUR", "EUR", "EUR", "GBP", "CHF", "USD", "USD", ""},
		[]string{"bug", "billing", "delivery", "hardware", "login", "VIP", "second time", "réclamation", "API"},
		[]string{"Customer did not answer", "Cannot be reproduced", "Not covered by the contract", "Duplicate"},
		[]string{"Help centre", "Phone", "Shop chat", "E-mail"}},
	recruitment: {"Recruitment", "Guide candidates from application to hiring.", "RECRUITMENT", "OTHER",
		[]stagePlan{{"Applied", gray, 10, "OPEN", 31}, {"Screening", sky, 20, "OPEN", 21}, {"Phone Interview", blue, 35, "OPEN", 15},
			{"On-Site Interview", indigo, 50, "OPEN", 10}, {"Assessment", violet, 60, "OPEN", 7}, {"Offer", amber, 80, "OPEN", 5},
			{"Hired", green, 100, "WON", 12}, {"Rejected", gray, 0, "LOST", 22}, {"Withdrawn", gray, 0, "LOST", 7}},
		[]string{"EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "GBP", "CHF", "USD", "", "", ""},
		[]string{"remote", "relocation", "senior", "junior", "recommended", "Teilzeit", "visa needed"},
		[]string{"Too little experience", "Salary wish too high", "Position was filled", "Took another offer", "Does not want to move"},
		[]string{"Careers page", "LinkedIn", "Recommendation", "Job fair", "Agency"}},
}

// input is what makes the pipeline.
func (b boardPlan) input() crm.CreatePipelineInput {
	in := crm.CreatePipelineInput{Name: b.name, Description: &b.description, Category: b.category, RecordType: &b.recordType}
	for _, s := range b.stages {
		in.Stages = append(in.Stages, &crm.StageInput{Name: s.name, Color: graphql.OmittableOf(&s.color),
			DefaultProbability: graphql.OmittableOf(&s.probability), Kind: graphql.OmittableOf(&s.kind)})
	}
	return in
}
