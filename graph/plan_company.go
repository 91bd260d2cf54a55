package graph

import (
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
)

var companyLeaves = map[string]leaf[row.Company]{
	"id":          text("id", func(c *row.Company) string { return c.ID }),
	"name":        text("name", func(c *row.Company) string { return c.Name }),
	"domain":      optional("domain", func(c *row.Company) *string { return c.Domain }),
	"website":     optional("website", func(c *row.Company) *string { return c.Website }),
	"industry":    optional("industry", func(c *row.Company) *string { return c.Industry }),
	"description": optional("description", func(c *row.Company) *string { return c.Description }),
	"phones":      texts("phones", func(c *row.Company) []string { return c.Phones }),
	"emails":      texts("emails", func(c *row.Company) []string { return c.Emails }),
	"externalId":  optional("external_id", func(c *row.Company) *string { return c.ExternalID }),
	"ownerId":     optional("owner_id", func(c *row.Company) *string { return c.OwnerID }),
	"tags":        texts("tags", func(c *row.Company) []string { return c.Tags }),
	"source":      text("source", func(c *row.Company) string { return c.Source }),
	"createdAt":   instant("created_at", func(c *row.Company) time.Time { return c.CreatedAt }),
	"updatedAt":   instant("updated_at", func(c *row.Company) time.Time { return c.UpdatedAt }),
	"version":     whole64("version", func(c *row.Company) int { return c.Version }),
	"customFields": {[]string{"custom_fields"}, func(b []byte, c *row.Company, _ *env) []byte {
		return appendJSON(b, c.CustomFields)
	}},
}

func (c *compiler) companyOf(set ast.SelectionSet) []step[row.Company] {
	return fields(c, set, []string{"Company", "Node"}, companyLeaves, c.company, nil)
}

var itemLeaves = map[string]leaf[money.Item]{
	"name":      text("", func(i *money.Item) string { return i.Name }),
	"quantity":  text("", func(i *money.Item) string { return i.Quantity }),
	"unitPrice": text("", func(i *money.Item) string { return i.UnitPrice }),
	"total":     text("", func(i *money.Item) string { return i.Total() }),
}

// lineItems compiles what is shown of a card's line items.
func (c *compiler) lineItems(f graphql.CollectedField) func([]byte, *row.Record, *env) []byte {
	c.columns["line_items"] = true
	steps := fields(c, f.Selections, []string{"LineItem"}, itemLeaves, nil, nil)
	return func(b []byte, r *row.Record, e *env) []byte {
		b = append(b, '[')
		for i := range r.LineItems {
			if i > 0 {
				b = append(b, ',')
			}
			b = object(b, steps, &r.LineItems[i], e)
		}
		return append(b, ']')
	}
}
