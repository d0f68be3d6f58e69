# METADATA
# title: No role of ours may do everything
# description: >-
#   AWS's policies for administrators do not belong to a role that a program takes, nor does a policy of its own that allows
#   everything, and no role may be taken by everybody.
# custom:
#   title_ja: 自社のロールに全権限を与えない
#   code: no-administrator
#   about: iam-role
#   effect: deny
package tokaido.no_administrator

almighty := {"AdministratorAccess", "PowerUserAccess", "IAMFullAccess"}

everything := {"*", "*:*", "iam:*"}

checked contains role.id if {
	some role in input.planned["iam-role"]
	looked_at(role)
}

# Roles of others are not ours to refuse, and AWS says less about them.
looked_at(role) if role.standing == "foreign"

looked_at(role) if {
	role.attributes.managed_policies
	role.attributes.inline_policies
	role.attributes.trust
}

fault contains {"id": role.id, "en": en, "ja": ja} if {
	some role in input.planned["iam-role"]
	some arn in role.attributes.managed_policies
	some name in almighty
	endswith(arn, concat("", ["/", name]))
	en := sprintf("has the policy %s; give it the actions that it needs", [name])
	ja := sprintf("ポリシー %s が付いています。必要な操作だけを許可してください", [name])
}

fault contains {"id": role.id, "en": en, "ja": ja} if {
	some role in input.planned["iam-role"]
	some name, document in role.attributes.inline_policies
	some statement in listed(document.Statement)
	statement.Effect == "Allow"
	some action in listed(statement.Action)
	action in everything
	"*" in listed(statement.Resource)
	en := sprintf("its own policy %s allows %s on everything; give it the actions that it needs", [name, action])
	ja := sprintf("インラインポリシー %s がすべての資源に %s を許可しています。必要な操作だけを許可してください", [name, action])
}

fault contains {"id": role.id, "en": en, "ja": ja} if {
	some role in input.planned["iam-role"]
	some statement in listed(role.attributes.trust.Statement)
	statement.Effect == "Allow"
	anybody(statement.Principal)
	not statement.Condition
	en := "everybody may take it; name the accounts or services that may"
	ja := "誰でも引き受けられます。引き受けてよいアカウントやサービスを指定してください"
}

# AWS writes one where there is one, and a list where there are more.
listed(value) := value if is_array(value)

listed(value) := [value] if not is_array(value)

anybody(principal) if principal == "*"

anybody(principal) if "*" in listed(principal.AWS)

broken contains {"id": role.id, "en": wrong.en, "ja": wrong.ja} if {
	some role in input.planned["iam-role"]
	role.standing != "foreign"
	some wrong in fault
	wrong.id == role.id
}
