return {
  score_question = function(question, answer)
    error("no")
  end,
}
