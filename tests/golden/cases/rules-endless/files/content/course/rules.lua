return {
  score_question = function(question, answer)
    while true do end
  end,
}
